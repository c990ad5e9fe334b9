import { LimitError } from '@hybridcam/core';
import { dataTypeName } from './data-type.ts';
import { READ_LIMITS } from './limits.ts';
import type { ValueInfo } from './onnx-model.ts';
import type { WireReader } from './wire-reader.ts';

/** A ValueInfoProto: name, element type and shape of a tensor. */
export function readValueInfo(reader: WireReader): ValueInfo {
  let name = '';
  let dataType: ValueInfo['dataType'];
  let shape: ValueInfo['shape'];
  while (reader.next()) {
    if (reader.field === 1) name = reader.string();
    else if (reader.field === 2) {
      const type = reader.message();
      while (type.next()) {
        if (type.field !== 1) continue;
        const tensor = type.message();
        while (tensor.next()) {
          if (tensor.field === 1) dataType = dataTypeName(tensor.integer());
          else if (tensor.field === 2) shape = readShape(tensor.message());
        }
      }
    }
  }
  return { name, dataType, shape };
}

function readShape(reader: WireReader): (number | string | undefined)[] {
  const shape: (number | string | undefined)[] = [];
  while (reader.next()) {
    if (reader.field !== 1) continue;
    const dimension = reader.message();
    let extent: number | string | undefined;
    while (dimension.next()) {
      if (dimension.field === 1) extent = dimension.integer();
      else if (dimension.field === 2) extent = dimension.string() || undefined;
    }
    shape.push(extent);
    if (shape.length > READ_LIMITS.rank) {
      throw new LimitError(`readOnnx: expected values of at most ${READ_LIMITS.rank} axes; received more.`);
    }
  }
  return shape;
}
