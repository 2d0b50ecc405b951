/** Whether a file of this name may belong to a language model's folder; no others are opened. */
export function isModelFile(name: string): boolean {
  return /^(?:config|generation_config|tokenizer|tokenizer_config)\.json$|\.safetensors(?:\.index\.json)?$/.test(name);
}
