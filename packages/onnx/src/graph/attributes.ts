import { ModelFormatError } from '@hybridcam/core';
import type { OnnxAttribute, OnnxNode } from '../proto/onnx-model.ts';

/** An int attribute, or the operator's default. @throws ModelFormatError when it has another kind */
export function intAttribute(node: OnnxNode, name: string, fallback: number): number {
  const attribute = node.attributes.get(name);
  if (!attribute) return fallback;
  if (attribute.kind !== 'int') throw wrongKind(node, name, 'an int', attribute);
  return attribute.value;
}

export function floatAttribute(node: OnnxNode, name: string, fallback: number): number {
  const attribute = node.attributes.get(name);
  if (!attribute) return fallback;
  if (attribute.kind !== 'float') throw wrongKind(node, name, 'a float', attribute);
  return attribute.value;
}

export function stringAttribute(node: OnnxNode, name: string, fallback: string): string {
  const attribute = node.attributes.get(name);
  if (!attribute) return fallback;
  if (attribute.kind !== 'string') throw wrongKind(node, name, 'a string', attribute);
  return attribute.value;
}

/** A list of ints; undefined where the node does not have it. */
export function intsAttribute(node: OnnxNode, name: string): readonly number[] | undefined {
  const attribute = node.attributes.get(name);
  if (!attribute) return undefined;
  if (attribute.kind !== 'ints') throw wrongKind(node, name, 'a list of ints', attribute);
  return attribute.value;
}

function wrongKind(node: OnnxNode, name: string, expected: string, got: OnnxAttribute): ModelFormatError {
  return new ModelFormatError(
    `readOnnx: expected attribute "${name}" of ${node.opType} "${node.name}" to be ${expected}; received ${got.kind}.`,
  );
}
