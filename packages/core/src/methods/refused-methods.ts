/** Methods people look for and do not get, and why. */
export const refusedMethods: ReadonlyMap<string, string> = new Map([
  ...['guided-grad-cam', 'guided-backprop'].map(
    (name) =>
      [
        name,
        'its picture stays the same when the model’s weights are replaced by noise (Adebayo et al. 2018), so it cannot explain the model. Use layer-cam at an earlier layer for detail.',
      ] as const,
  ),
  [
    'refine-cam',
    'it is a request, not a method: several target layers with layerFusion product and normalize minmax; on the command line --layer a,b --fuse product --normalize minmax.',
  ],
  [
    'finer-cam',
    'it is a target, not a method: target finer with any method, such as grad-cam; on the command line --method grad-cam --target finer.',
  ],
  [
    'seg-eigen-cam',
    'it is Eigen-CAM with a sign chosen by the larger extreme, and eigen-cam has a sign that does not depend on the machine already. Use eigen-cam, or eigen-grad-cam for a class.',
  ],
  [
    'kpca-cam',
    'its kernel and scale decide the map and no rule says which are meant. Use eigen-cam, the same with a linear kernel.',
  ],
  [
    'dff',
    'it factorises the activations of several pictures into parts, which speak of no class and of no single picture. Use eigen-cam for the main part of one picture, or cam for a class.',
  ],
  ...['random', 'random-cam'].map(
    (name) =>
      [
        name,
        'it is a control and explains nothing. The functions randomMap and centredMap make controls; hybridcam-bench measures every method against them.',
      ] as const,
  ),
]);
