// What a web page imports; Vite builds it for production.
import { explain, hybrid } from '@hybridcam/core';
import { preprocess } from '@hybridcam/image';
import { decode } from '@hybridcam/image/browser';
import { createOnnxModel } from '@hybridcam/onnx';
import { createTfjsModel } from '@hybridcam/tfjs';
import { overlay } from '@hybridcam/viz';
import { fetchCheckpoint } from '@hybridcam/zoo/browser';

globalThis.hybridcam = {
  createOnnxModel,
  createTfjsModel,
  decode,
  explain,
  fetchCheckpoint,
  hybrid,
  overlay,
  preprocess,
};
