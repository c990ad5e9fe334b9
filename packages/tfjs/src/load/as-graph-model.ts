/** What to do about a network that TensorFlow.js cannot hold as layers. */
export const AS_GRAPH_MODEL: string =
  'convert the model as a graph: model.export("saved_model"), then tensorflowjs_converter --input_format=tf_saved_model ' +
  '--output_format=tfjs_graph_model saved_model web-model.';
