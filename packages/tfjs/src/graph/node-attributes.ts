/** A node of a converted GraphDef, as model.json holds it. */
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, AttributeValue>>;
}

/** Numbers may be strings (64-bit integers in JSON); strings are base64 or character codes. */
export interface AttributeValue {
  readonly s?: string | readonly number[];
  readonly i?: string | number;
  readonly b?: boolean;
  readonly f?: number;
  readonly type?: string | number;
  readonly list?: {
    readonly i?: readonly (string | number)[];
    readonly s?: readonly (string | readonly number[])[];
  };
}

export function text(node: NodeDef, name: string): string | undefined {
  const value = node.attr?.[name]?.s;
  return value === undefined ? undefined : decodeText(value);
}

export function texts(node: NodeDef, name: string): string[] {
  return (node.attr?.[name]?.list?.s ?? []).map(decodeText);
}

export function integers(node: NodeDef, name: string): number[] {
  return (node.attr?.[name]?.list?.i ?? []).map(Number);
}

export function real(node: NodeDef, name: string): number | undefined {
  return node.attr?.[name]?.f;
}

export function flag(node: NodeDef, name: string): boolean {
  return node.attr?.[name]?.b ?? false;
}

function decodeText(value: string | readonly number[]): string {
  return typeof value === 'string' ? atob(value) : String.fromCharCode(...value);
}
