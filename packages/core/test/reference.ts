import { readSafetensors, type StoredTensor, sharedFile } from '@hybridcam/test-utils';

/** PyTorch's numbers for one photograph, and at which layers its activations and gradients are stored. */
export interface Reference {
  readonly photo: string;
  readonly layers: readonly string[];
  tensor(name: string): StoredTensor;
}

export function readReference(photo: string, layers: readonly string[]): Reference {
  const tensors = readSafetensors(sharedFile(`reference/${photo}.safetensors`));
  return {
    photo,
    layers,
    tensor(name) {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw new Error(`readReference: no tensor "${name}" in ${photo}.`);
      return tensor;
    },
  };
}

/** The photographs whose activations and gradients are stored. */
export function tensorReferences(): Reference[] {
  return ['mobilenet_v2.n02123045_tabby', 'mobilenet_v2.n02099601_golden_retriever'].map((photo) =>
    readReference(photo, ['layers.39', 'layers.51']),
  );
}
