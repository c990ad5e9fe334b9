import { describe, expect, test } from 'vitest';
import { routeFiles } from '../src/route-files.ts';

const file = (name: string, type = '') => new File(['x'], name, { type });
const photo = file('cat.jpg', 'image/jpeg');
const other = file('dog.png', 'image/png');
const onnx = file('net.onnx');
const labels = file('labels.txt', 'text/plain');
const json = file('names.json', 'application/json');
const topology = file('model.json', 'application/json');
const weights = file('weights.bin');

describe('routeFiles', () => {
  test('a picture is a picture, by its type or its name', () => {
    expect(routeFiles([photo], undefined)).toEqual({ picture: photo, model: [], note: undefined });
    const untyped = file('cat.WEBP');
    expect(routeFiles([untyped], undefined).picture).toBe(untyped);
  });

  test('of two pictures the first is shown, and the page says so', () => {
    const { picture, model, note } = routeFiles([photo, other], undefined);
    expect([picture, model]).toEqual([photo, []]);
    expect(note).toBe('2 pictures came at once; cat.jpg is shown. One is explained at a time.');
  });

  test('model, labels and photograph together: each goes where it belongs', () => {
    expect(routeFiles([labels, photo, onnx], undefined)).toEqual({
      picture: photo,
      model: [labels, onnx],
      note: undefined,
    });
    expect(routeFiles([topology, weights, json], undefined).model).toEqual([topology, weights, json]);
  });

  test('labels alone belong to the model that is open, in the place of earlier ones', () => {
    expect(routeFiles([labels], [onnx]).model).toEqual([onnx, labels]);
    expect(routeFiles([json], [onnx, labels]).model).toEqual([onnx, json]);
    expect(routeFiles([labels], [topology, weights]).model).toEqual([topology, weights, labels]);
    expect(routeFiles([labels], [topology, weights, json]).model).toEqual([topology, weights, labels]);
  });

  test('a .json beside an ONNX file with external data is labels, whatever it is called', () => {
    expect(routeFiles([labels], [onnx, weights, json]).model).toEqual([onnx, weights, labels]);
    expect(routeFiles([json], [onnx, weights, topology]).model).toEqual([onnx, weights, json]);
  });

  test('a model.json alone is never labels of the model that is open', () => {
    const next = file('model.json', 'application/json');
    for (const own of [
      [topology, weights],
      [onnx, weights],
    ]) {
      expect(routeFiles([next], own).model).toEqual([next]);
      expect(routeFiles([next, labels], own).model).toEqual([next, labels]);
    }
  });

  test('labels for a network that has its own are refused in words', () => {
    const { picture, model, note } = routeFiles([labels], undefined);
    expect([picture, model]).toEqual([undefined, []]);
    expect(note).toContain('labels.txt holds names of classes');
  });

  test('a lone model.json goes to who opens models, and says what is missing', () => {
    expect(routeFiles([topology], undefined).model).toEqual([topology]);
  });
});
