#!/usr/bin/env bash
# usage: train.sh FOLDER [main|confounded|balanced] [SEED]     see README.md
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
plan=${2:-main}
seed=${3:-0}
python=${PYTHON:-python3}
declare -A epochs=([main]=4 [confounded]=3 [balanced]=3)

(cd "$here/../.." && npx tsc -b packages/zoo)
for set in validation "$plan"; do
  [ -f "$folder/$set.0.labels.i8" ] || node "$here/render-dataset.mjs" "$set" "$folder"
done
# Sleeping rather than spinning between operations: the processor may have other work.
OMP_WAIT_POLICY=PASSIVE "$python" "$here/train.py" --plan "$plan" --seed "$seed" --epochs "${epochs[$plan]}" \
  --data "$folder" --out "$folder"
node "$here/gates.mjs" "$plan" "$folder/scenes-$plan-$seed.safetensors"
if [ "$plan" = main ] && [ "$seed" = 0 ]; then
  node "$here/ship-weights.mjs" "$folder/scenes-main-0.safetensors"
  node "$here/render-dataset.mjs" oracle "$folder"
  "$python" "$here/reference_logits.py" "$folder/scenes-main-0.safetensors" "$folder/oracle.0.images.u8" \
    "$here/../../packages/zoo/test/fixtures/scenes-logits.json"
fi
