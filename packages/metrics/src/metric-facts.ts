/** What a number means, for machines: tables, verdicts and reports read it from here and nowhere else. */
export interface MetricFacts {
  readonly title: string;
  readonly family: 'faithfulness' | 'localisation' | 'complexity' | 'sanity' | 'intervention';
  /** `descriptive`: neither end is better. */
  readonly direction: 'higher-is-better' | 'lower-is-better' | 'descriptive';
  readonly range: readonly [low: number, high: number];
  /**
   * Forward passes per image and map beyond f(x) and f(baseline), under the preset `rise` for curves (`metricCost` for others);
   * `explanations` are a forward and a backward pass each.
   */
  readonly cost: { readonly forwards: number; readonly explanations: number };
  /** Needs a mask or box. */
  readonly needsEvidence: boolean;
  readonly source: string;
}

/** Of a scene: an object or two, four distractors, a mark. */
const MOST_PARTS = 6;
/** Other backgrounds that a scene is drawn before. */
export const BACKGROUNDS = 4;
const free = { forwards: 0, explanations: 0 } as const;
const infinity = Number.POSITIVE_INFINITY;

export type MetricName =
  | 'insertion'
  | 'deletion'
  | 'abpc'
  | 'average-drop'
  | 'average-increase'
  | 'average-gain'
  | 'road'
  | 'mu-fidelity'
  | 'weight-randomisation'
  | 'head-randomisation'
  | 'class-sensitivity'
  | 'energy'
  | 'energy-lift'
  | 'rank-accuracy'
  | 'iou'
  | 'pointing-game'
  | 'average-precision'
  | 'boundary-f-score'
  | 'distractor-mass'
  | 'sparseness'
  | 'entropy'
  | 'intervention'
  | 'background-independence'
  | 'clever-hans';

export const metricFacts: Readonly<Record<MetricName, MetricFacts>> = {
  insertion: fact(
    'Insertion AUC',
    'faithfulness',
    'higher-is-better',
    [0, 1],
    27,
    'Petsiuk et al., RISE, BMVC 2018',
  ),
  deletion: fact(
    'Deletion AUC',
    'faithfulness',
    'lower-is-better',
    [0, 1],
    27,
    'Petsiuk et al., RISE, BMVC 2018',
  ),
  abpc: fact(
    'Area between perturbation curves',
    'faithfulness',
    'higher-is-better',
    [-1, 1],
    54,
    'Samek et al., IEEE TNNLS 2017',
  ),
  'average-drop': fact(
    'Average drop',
    'faithfulness',
    'lower-is-better',
    [0, 1],
    1,
    'Chattopadhyay et al., Grad-CAM++, WACV 2018',
  ),
  'average-increase': fact(
    'Average increase',
    'faithfulness',
    'higher-is-better',
    [0, 1],
    1,
    'Chattopadhyay et al., Grad-CAM++, WACV 2018',
  ),
  'average-gain': fact(
    'Average gain',
    'faithfulness',
    'higher-is-better',
    [0, 1],
    1,
    'Zhang et al., Opti-CAM, 2023',
  ),
  road: fact(
    'ROAD combined',
    'faithfulness',
    'higher-is-better',
    [-0.5, 0.5],
    18,
    'Rong et al., ROAD, ICML 2022',
  ),
  'mu-fidelity': fact(
    'μFidelity',
    'faithfulness',
    'higher-is-better',
    [-1, 1],
    200,
    'Bhatt et al., IJCAI 2020',
  ),
  'weight-randomisation': {
    ...fact(
      'Likeness under random weights',
      'sanity',
      'descriptive',
      [-1, 1],
      0,
      'Adebayo et al., NeurIPS 2018',
    ),
    cost: { forwards: 0, explanations: 4 },
  },
  'head-randomisation': fact(
    'Likeness under a random head',
    'sanity',
    'descriptive',
    [-1, 1],
    0,
    'Adebayo et al., NeurIPS 2018, in closed form',
  ),
  'class-sensitivity': {
    ...fact(
      'Likeness to the second class',
      'sanity',
      'lower-is-better',
      [-1, 1],
      0,
      'Sixt et al., random logit, ICML 2020',
    ),
    cost: { forwards: 0, explanations: 1 },
  },
  energy: fact(
    'Energy in the mask',
    'localisation',
    'higher-is-better',
    [0, 1],
    0,
    'Wang et al., Score-CAM, CVPRW 2020',
  ),
  'energy-lift': fact(
    'Energy over area',
    'localisation',
    'higher-is-better',
    [0, infinity],
    0,
    'Arras et al., CLEVR-XAI, 2022',
  ),
  'rank-accuracy': fact(
    'Relevance rank accuracy',
    'localisation',
    'higher-is-better',
    [0, 1],
    0,
    'Arras et al., CLEVR-XAI, 2022',
  ),
  iou: fact(
    'IoU at mask size',
    'localisation',
    'higher-is-better',
    [0, 1],
    0,
    'identity with relevance rank accuracy',
  ),
  'pointing-game': fact(
    'Pointing game',
    'localisation',
    'higher-is-better',
    [0, 1],
    0,
    'Zhang et al., Excitation Backprop, IJCV 2018',
  ),
  'average-precision': fact(
    'Pixel average precision',
    'localisation',
    'higher-is-better',
    [0, 1],
    0,
    'precision-recall of the map as a detector',
  ),
  'boundary-f-score': fact(
    'Boundary F-score',
    'localisation',
    'higher-is-better',
    [0, 1],
    0,
    'Csurka et al., BMVC 2013',
  ),
  'distractor-mass': fact(
    'Mass on distractors',
    'localisation',
    'lower-is-better',
    [0, 1],
    0,
    'this work, after CLEVR-XAI',
  ),
  sparseness: fact('Gini sparseness', 'complexity', 'descriptive', [0, 1], 0, 'Chalasani et al., ICML 2020'),
  entropy: fact('Normalised entropy', 'complexity', 'descriptive', [0, 1], 0, 'Bhatt et al., IJCAI 2020'),
  intervention: fact(
    'Agreement with interventions',
    'intervention',
    'higher-is-better',
    [-1, 1],
    MOST_PARTS,
    'Hesse et al., FunnyBirds, ICCV 2023',
  ),
  'background-independence': fact(
    'Predictions that survive another background',
    'intervention',
    'higher-is-better',
    [0, 1],
    BACKGROUNDS + 1,
    'Hesse et al., FunnyBirds, ICCV 2023',
  ),
  'clever-hans': {
    ...fact(
      'Mass that the mark draws',
      'intervention',
      'descriptive',
      [-1, 1],
      0,
      'this work, after Lapuschkin et al., 2019',
    ),
    cost: { forwards: 0, explanations: 1 },
  },
};

function fact(
  title: string,
  family: MetricFacts['family'],
  direction: MetricFacts['direction'],
  range: readonly [number, number],
  forwards: number,
  source: string,
): MetricFacts {
  const cost = forwards === 0 ? free : { forwards, explanations: 0 };
  return { title, family, direction, range, cost, needsEvidence: family === 'localisation', source };
}
