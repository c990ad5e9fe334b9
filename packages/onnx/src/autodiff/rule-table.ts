import type { OnnxNode } from '../proto/onnx-model.ts';
import type { Rule } from './rule.ts';
import { abs } from './rules/abs.ts';
import { acos } from './rules/acos.ts';
import { acosh } from './rules/acosh.ts';
import { add } from './rules/add.ts';
import { asin } from './rules/asin.ts';
import { asinh } from './rules/asinh.ts';
import { atan } from './rules/atan.ts';
import { atanh } from './rules/atanh.ts';
import { attention } from './rules/attention.ts';
import { averagePool } from './rules/average-pool.ts';
import { batchNormalization } from './rules/batch-normalization.ts';
import { cast } from './rules/cast.ts';
import { castLike } from './rules/cast-like.ts';
import { celu } from './rules/celu.ts';
import { clip } from './rules/clip.ts';
import { concat } from './rules/concat.ts';
import { conv } from './rules/conv.ts';
import { convTranspose } from './rules/conv-transpose.ts';
import { cos } from './rules/cos.ts';
import { cosh } from './rules/cosh.ts';
import { cumSum } from './rules/cum-sum.ts';
import { depthToSpace } from './rules/depth-to-space.ts';
import { div } from './rules/div.ts';
import { dropout } from './rules/dropout.ts';
import { einsum } from './rules/einsum.ts';
import { elu } from './rules/elu.ts';
import { erf } from './rules/erf.ts';
import { exp } from './rules/exp.ts';
import { expand } from './rules/expand.ts';
import { extremum } from './rules/extremum.ts';
import { gather } from './rules/gather.ts';
import { gatherElements } from './rules/gather-elements.ts';
import { gelu } from './rules/gelu.ts';
import { gemm } from './rules/gemm.ts';
import { globalAveragePool } from './rules/global-average-pool.ts';
import { globalLpPool } from './rules/global-lp-pool.ts';
import { globalMaxPool } from './rules/global-max-pool.ts';
import { groupNormalization } from './rules/group-normalization.ts';
import { hardSigmoid } from './rules/hard-sigmoid.ts';
import { hardSwish } from './rules/hard-swish.ts';
import { identity } from './rules/identity.ts';
import { instanceNormalization } from './rules/instance-normalization.ts';
import { layerNormalization } from './rules/layer-normalization.ts';
import { leakyRelu } from './rules/leaky-relu.ts';
import { localResponseNormalization } from './rules/local-response-normalization.ts';
import { log } from './rules/log.ts';
import { logSoftmax } from './rules/log-softmax.ts';
import { lpNormalization } from './rules/lp-normalization.ts';
import { lpPool } from './rules/lp-pool.ts';
import { matmul } from './rules/matmul.ts';
import { maxPool } from './rules/max-pool.ts';
import { mean } from './rules/mean.ts';
import { meanVarianceNormalization } from './rules/mean-variance-normalization.ts';
import { mish } from './rules/mish.ts';
import { mul } from './rules/mul.ts';
import { neg } from './rules/neg.ts';
import { pad } from './rules/pad.ts';
import { pow } from './rules/pow.ts';
import { prelu } from './rules/prelu.ts';
import { reciprocal } from './rules/reciprocal.ts';
import { reduceExtremum } from './rules/reduce-extremum.ts';
import { reduceL1 } from './rules/reduce-l1.ts';
import { reduceL2 } from './rules/reduce-l2.ts';
import { reduceLogSum } from './rules/reduce-log-sum.ts';
import { reduceLogSumExp } from './rules/reduce-log-sum-exp.ts';
import { reduceMean } from './rules/reduce-mean.ts';
import { reduceProd } from './rules/reduce-prod.ts';
import { reduceSum } from './rules/reduce-sum.ts';
import { reduceSumSquare } from './rules/reduce-sum-square.ts';
import { relu } from './rules/relu.ts';
import { reshape } from './rules/reshape.ts';
import { resize } from './rules/resize.ts';
import { rmsNormalization } from './rules/rms-normalization.ts';
import { selu } from './rules/selu.ts';
import { shrink } from './rules/shrink.ts';
import { sigmoid } from './rules/sigmoid.ts';
import { sin } from './rules/sin.ts';
import { sinh } from './rules/sinh.ts';
import { slice } from './rules/slice.ts';
import { softmax } from './rules/softmax.ts';
import { softplus } from './rules/softplus.ts';
import { softsign } from './rules/softsign.ts';
import { spaceToDepth } from './rules/space-to-depth.ts';
import { split } from './rules/split.ts';
import { sqrt } from './rules/sqrt.ts';
import { sub } from './rules/sub.ts';
import { swish } from './rules/swish.ts';
import { tan } from './rules/tan.ts';
import { tanh } from './rules/tanh.ts';
import { thresholdedRelu } from './rules/thresholded-relu.ts';
import { tile } from './rules/tile.ts';
import { transpose } from './rules/transpose.ts';
import { trilu } from './rules/trilu.ts';
import { upsample } from './rules/upsample.ts';
import { where } from './rules/where.ts';

/** The rule of each standard operator. What is neither here nor ended by `endsGradient` cannot be differentiated. */
export const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['Abs', abs],
  ['Acos', acos],
  ['Acosh', acosh],
  ['Add', add],
  ['Asin', asin],
  ['Asinh', asinh],
  ['Atan', atan],
  ['Atanh', atanh],
  ['Attention', attention],
  ['AveragePool', averagePool],
  ['BatchNormalization', batchNormalization],
  ['Cast', cast],
  ['CastLike', castLike],
  ['Celu', celu],
  ['Clip', clip],
  ['Concat', concat],
  ['Conv', conv],
  ['ConvTranspose', convTranspose],
  ['Cos', cos],
  ['Cosh', cosh],
  ['CumSum', cumSum],
  ['DepthToSpace', depthToSpace],
  ['Div', div],
  ['Dropout', dropout],
  ['Einsum', einsum],
  ['Elu', elu],
  ['Erf', erf],
  ['Exp', exp],
  ['Expand', expand],
  ['Flatten', reshape],
  ['Gather', gather],
  ['GatherElements', gatherElements],
  ['Gelu', gelu],
  ['Gemm', gemm],
  ['GlobalAveragePool', globalAveragePool],
  ['GlobalLpPool', globalLpPool],
  ['GlobalMaxPool', globalMaxPool],
  ['GroupNormalization', groupNormalization],
  ['HardSigmoid', hardSigmoid],
  ['HardSwish', hardSwish],
  ['Identity', identity],
  ['InstanceNormalization', instanceNormalization],
  ['LayerNormalization', layerNormalization],
  ['LeakyRelu', leakyRelu],
  ['Log', log],
  ['LogSoftmax', logSoftmax],
  ['LpNormalization', lpNormalization],
  ['LpPool', lpPool],
  ['LRN', localResponseNormalization],
  ['MatMul', matmul],
  ['Max', extremum],
  ['MaxPool', maxPool],
  ['Mean', mean],
  ['MeanVarianceNormalization', meanVarianceNormalization],
  ['Min', extremum],
  ['Mish', mish],
  ['Mul', mul],
  ['Neg', neg],
  ['Pad', pad],
  ['Pow', pow],
  ['PRelu', prelu],
  ['Reciprocal', reciprocal],
  ['ReduceL1', reduceL1],
  ['ReduceL2', reduceL2],
  ['ReduceLogSum', reduceLogSum],
  ['ReduceLogSumExp', reduceLogSumExp],
  ['ReduceMax', reduceExtremum],
  ['ReduceMean', reduceMean],
  ['ReduceMin', reduceExtremum],
  ['ReduceProd', reduceProd],
  ['ReduceSum', reduceSum],
  ['ReduceSumSquare', reduceSumSquare],
  ['Relu', relu],
  ['Reshape', reshape],
  ['Resize', resize],
  ['RMSNormalization', rmsNormalization],
  ['Selu', selu],
  ['Shrink', shrink],
  ['Sigmoid', sigmoid],
  ['Sin', sin],
  ['Sinh', sinh],
  ['Slice', slice],
  ['Softmax', softmax],
  ['Softplus', softplus],
  ['Softsign', softsign],
  ['SpaceToDepth', spaceToDepth],
  ['Split', split],
  ['Sqrt', sqrt],
  ['Squeeze', reshape],
  ['Sub', sub],
  ['Sum', add],
  ['Swish', swish],
  ['Tan', tan],
  ['Tanh', tanh],
  ['ThresholdedRelu', thresholdedRelu],
  ['Tile', tile],
  ['Transpose', transpose],
  ['Trilu', trilu],
  ['Unsqueeze', reshape],
  ['Upsample', upsample],
  ['Where', where],
]);

/** The rule for a node; custom operators have none. */
export function ruleOf(node: OnnxNode): Rule | undefined {
  return node.domain === '' ? RULES.get(node.opType) : undefined;
}
