export type CostNetwork = 'mobilenet_v2' | 'resnet50';

/** Which layers are asked for, by the title they have in the table. */
export const costLayers: Readonly<Record<CostNetwork, Readonly<Record<string, string>>>> = {
  mobilenet_v2: { last: 'conv_51_relu6', middle: 'conv_39_relu6' },
  resnet50: { last: 'layer4.2', conv4: 'layer3.5', conv3: 'layer2.3' },
};
