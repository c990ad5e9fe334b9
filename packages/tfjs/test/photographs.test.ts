import { sharedFolder } from '@hybridcam/test-utils';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSharedModel } from './load-shared-model.ts';
import { createParity, type Parity } from './parity/create-parity.ts';
import { explainMaps } from './parity/explain-maps.ts';
import { mobilenetV2 } from './parity/mobilenet-v2.ts';
import type { ParityNetwork } from './parity/parity-network.ts';
import { type PictureReport, parityReport } from './parity/parity-report.ts';
import { nodeBackends, useBackend } from './use-backend.ts';

// Twenty photographs on every backend, browsers included: tooling/reference/tfjs/parity.mjs. One activation of the airship's lies so
// near to 0 that ONNX Runtime and the backends cpu and tensorflow may round it to different sides, which the comparison has to see through.
const PHOTOGRAPHS = ['n02692877_airship.JPEG', 'n02123045_tabby.JPEG'];

describe.skipIf(!sharedFolder())(
  'ONNX and tfjs forms of MobileNetV2 give the same maps (needs ../shared)',
  () => {
    let network: ParityNetwork;
    let parity: Parity;
    beforeAll(async () => {
      network = await mobilenetV2(PHOTOGRAPHS);
      parity = await createParity(network);
    }, 300_000);
    afterAll(() => parity?.dispose());

    test.each(nodeBackends)('on %s', { timeout: 300_000 }, async (backend) => {
      await useBackend(backend);
      const source: LayersModel = await loadSharedModel();
      const reports: PictureReport[] = [];
      for (const picture of network.pictures) {
        reports.push(await parity.compare((...request) => explainMaps(source, ...request), picture, 'once'));
      }
      const { rows, complaints } = parityReport(parity.requests, reports);
      source.dispose();
      expect(complaints).toEqual([]);
      expect(rows.length).toBeGreaterThan(20);
    });
  },
);
