import { clamp } from './portable-math.ts';

/** Signed distance to an outline: negative inside, positive outside, near 1 per unit length at the edge. y points down. */
export type Distance = (x: number, y: number) => number;

/** [x, y] corners in either sense of rotation. */
export type Corner = readonly [x: number, y: number];

// Not Math.hypot: its rounding is the engine's choice.
const length = (x: number, y: number): number => Math.sqrt(x * x + y * y);

export function circle(centerX: number, centerY: number, radius: number): Distance {
  return (x, y) => length(x - centerX, y - centerY) - radius;
}

export function ring(centerX: number, centerY: number, radius: number, halfWidth: number): Distance {
  return (x, y) => Math.abs(length(x - centerX, y - centerY) - radius) - halfWidth;
}

/** Axis-aligned box with corners rounded by `round` inwards. */
export function box(
  centerX: number,
  centerY: number,
  halfWidth: number,
  halfHeight: number,
  round = 0,
): Distance {
  return (x, y) => {
    const dx = Math.abs(x - centerX) - halfWidth + round;
    const dy = Math.abs(y - centerY) - halfHeight + round;
    const outside = length(Math.max(dx, 0), Math.max(dy, 0));
    const inside = Math.max(dx, dy);
    return outside + Math.min(inside, 0) - round;
  };
}

/** A stroke with round ends. */
export function capsule(fromX: number, fromY: number, toX: number, toY: number, radius: number): Distance {
  const runX = toX - fromX;
  const runY = toY - fromY;
  const squared = runX * runX + runY * runY;
  return (x, y) => {
    const along = clamp(((x - fromX) * runX + (y - fromY) * runY) / squared, 0, 1);
    return length(x - fromX - along * runX, y - fromY - along * runY) - radius;
  };
}

/** Ellipse, its axes turned by the unit vector (cos, sin); first-order exact at the edge, which is where it matters. */
export function ellipse(
  centerX: number,
  centerY: number,
  radiusX: number,
  radiusY: number,
  cos = 1,
  sin = 0,
): Distance {
  return (x, y) => {
    const u = ((x - centerX) * cos + (y - centerY) * sin) / radiusX;
    const v = ((y - centerY) * cos - (x - centerX) * sin) / radiusY;
    const level = length(u, v);
    const slope = length(u / radiusX, v / radiusY);
    return slope === 0 ? -Math.min(radiusX, radiusY) : (level * (level - 1)) / slope;
  };
}

/** Any simple polygon, its corners rounded outwards by `round`. */
export function polygon(corners: readonly Corner[], round = 0): Distance {
  const count = corners.length;
  const xs = Float64Array.from(corners, (corner) => corner[0]);
  const ys = Float64Array.from(corners, (corner) => corner[1]);
  return (x, y) => {
    let nearest = Number.POSITIVE_INFINITY;
    let inside = false;
    for (let i = 0, j = count - 1; i < count; j = i++) {
      const edgeX = xs[j]! - xs[i]!;
      const edgeY = ys[j]! - ys[i]!;
      const px = x - xs[i]!;
      const py = y - ys[i]!;
      const along = clamp((px * edgeX + py * edgeY) / (edgeX * edgeX + edgeY * edgeY), 0, 1);
      const dx = px - along * edgeX;
      const dy = py - along * edgeY;
      const squared = dx * dx + dy * dy;
      if (squared < nearest) nearest = squared;
      if (ys[i]! > y !== ys[j]! > y && px < (edgeX * py) / edgeY) inside = !inside;
    }
    return (inside ? -Math.sqrt(nearest) : Math.sqrt(nearest)) - round;
  };
}

export function union(...distances: readonly Distance[]): Distance {
  return (x, y) => {
    let least = Number.POSITIVE_INFINITY;
    for (const distance of distances) {
      const d = distance(x, y);
      if (d < least) least = d;
    }
    return least;
  };
}

export function intersection(first: Distance, second: Distance): Distance {
  return (x, y) => {
    const a = first(x, y);
    const b = second(x, y);
    return Math.max(a, b);
  };
}

export function without(from: Distance, cut: Distance): Distance {
  return (x, y) => {
    const a = from(x, y);
    const b = -cut(x, y);
    return Math.max(a, b);
  };
}

/** The half plane below the line y = `edge`. */
export function below(edge: number): Distance {
  return (_x, y) => edge - y;
}

/** Mirrored copies on both sides of the vertical axis. */
export function bothSides(distance: Distance): Distance {
  return (x, y) => distance(x < 0 ? -x : x, y);
}
