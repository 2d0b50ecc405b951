/** Whether a file of this name may belong to a language model's folder; no others are opened. */
export function isModelFile(name: string): boolean {
  return /^(?:(?:config|generation_config|tokenizer|tokenizer_config)\.json|vocab\.txt)$|\.safetensors(?:\.index\.json)?$/.test(name) || isPickle(name);
}

/** Weights as older folders have them, which are refused with a remedy. */
export function isPickle(name: string): boolean {
  return /^(?:pytorch_)?model.*\.(?:bin|pt|pth)$/.test(name);
}
