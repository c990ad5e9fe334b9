/**
 * The unit eigenvector of the largest eigenvalue of a symmetric positive semidefinite operator, by restarted Lanczos with full
 * reorthogonalisation; the zero vector for the zero operator. Deterministic up to the sign, which is arbitrary.
 */
export function leadingEigenvector(
  apply: (vector: Float64Array) => Float64Array,
  size: number,
): Float64Array {
  // Any start that is not orthogonal to the answer will do; this one has no structure an image could share.
  let vector = Float64Array.from({ length: size }, (_, i) => Math.sin(12.9898 * (i + 1)) + 1e-3);
  for (let restart = 0; restart < 30; restart++) {
    const { basis, diagonal, offDiagonal } = lanczos(apply, normalized(vector));
    const { value, coordinates } = topEigenpair(diagonal, offDiagonal);
    if (value <= 0) return new Float64Array(size);
    vector = new Float64Array(size);
    for (const [j, direction] of basis.entries()) addScaled(vector, direction, coordinates[j]!);
    const residual = Math.abs(offDiagonal[basis.length - 1]! * coordinates[basis.length - 1]!);
    if (residual <= 1e-12 * value) break;
  }
  return normalized(vector);
}

/** An orthonormal basis in which the operator is tridiagonal; its last off-diagonal is what the basis leaves out. */
function lanczos(apply: (vector: Float64Array) => Float64Array, start: Float64Array) {
  const steps = Math.min(start.length, 32);
  const basis: Float64Array[] = [start];
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  for (let j = 0; j < steps; j++) {
    const next = apply(basis[j]!);
    diagonal.push(dot(next, basis[j]!));
    const scale = Math.sqrt(dot(next, next));
    // Twice: once is not enough where the remainder is small.
    for (let pass = 0; pass < 2; pass++) {
      for (const direction of basis) addScaled(next, direction, -dot(next, direction));
    }
    const rest = Math.sqrt(dot(next, next));
    const exhausted = rest <= 1e-14 * scale;
    offDiagonal.push(exhausted ? 0 : rest);
    if (exhausted || j === steps - 1) break;
    basis.push(next.map((value) => value / rest));
  }
  return { basis, diagonal, offDiagonal };
}

/** Of a symmetric tridiagonal matrix: its largest eigenvalue and that eigenvector, by Jacobi rotations. */
function topEigenpair(diagonal: readonly number[], offDiagonal: readonly number[]) {
  const size = diagonal.length;
  const matrix = diagonal.map((value, i) => {
    const row = new Float64Array(size);
    row[i] = value;
    if (i > 0) row[i - 1] = offDiagonal[i - 1]!;
    if (i < size - 1) row[i + 1] = offDiagonal[i]!;
    return row;
  });
  const vectors = diagonal.map((_, i) => Float64Array.from({ length: size }, (_, j) => Number(i === j)));
  for (let sweep = 0; sweep < 60; sweep++) {
    let rotated = false;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const [pp, qq, pq] = [matrix[p]![p]!, matrix[q]![q]!, matrix[p]![q]!];
        if (Math.abs(pq) <= 1e-17 * Math.sqrt(Math.abs(pp * qq)) || pq === 0) continue;
        rotated = true;
        const theta = (qq - pp) / (2 * pq);
        const tangent = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const cosine = 1 / Math.sqrt(tangent * tangent + 1);
        for (const row of matrix) rotate(row, p, q, cosine, tangent * cosine);
        rotateRows(matrix, p, q, cosine, tangent * cosine);
        for (const row of vectors) rotate(row, p, q, cosine, tangent * cosine);
      }
    }
    if (!rotated) break;
  }
  const top = matrix.reduce((best, row, i) => (row[i]! > matrix[best]![best]! ? i : best), 0);
  return { value: matrix[top]![top]!, coordinates: vectors.map((row) => row[top]!) };
}

function rotate(row: Float64Array, p: number, q: number, cosine: number, sine: number): void {
  const [x, y] = [row[p]!, row[q]!];
  row[p] = cosine * x - sine * y;
  row[q] = sine * x + cosine * y;
}

function rotateRows(
  matrix: readonly Float64Array[],
  p: number,
  q: number,
  cosine: number,
  sine: number,
): void {
  const [first, second] = [matrix[p]!, matrix[q]!];
  for (let j = 0; j < first.length; j++) {
    const [x, y] = [first[j]!, second[j]!];
    first[j] = cosine * x - sine * y;
    second[j] = sine * x + cosine * y;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(target: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * vector[i]!;
}

function normalized(vector: Float64Array): Float64Array {
  const norm = Math.sqrt(dot(vector, vector));
  return norm === 0 ? vector : vector.map((value) => value / norm);
}
