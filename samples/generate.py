"""Six ways to decode the same prompt. The line above each call names the strategy that it really takes."""

from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

tokenizer = AutoTokenizer.from_pretrained("gpt2")
model = AutoModelForCausalLM.from_pretrained("gpt2")
inputs = tokenizer("The old lighthouse keeper", return_tensors="pt")

greedy = model.generate(**inputs, do_sample=False, num_beams=1, max_new_tokens=40)

# A temperature without do_sample: nothing is drawn, unless the model's own generation_config.json says so.
idle = model.generate(**inputs, temperature=0.7, max_new_tokens=40)

# top_k is 50 unless it is set, also for nucleus sampling.
nucleus = model.generate(**inputs, do_sample=True, top_p=0.9, max_new_tokens=40)

beams = model.generate(
    **inputs,
    num_beams=4,
    early_stopping=True,
    no_repeat_ngram_size=3,
    max_new_tokens=40,
)

# Six beams do not make four groups.
diverse = GenerationConfig(num_beams=6, num_beam_groups=4, diversity_penalty=0.5, max_new_tokens=40)

contrastive = GenerationConfig(do_sample=False, penalty_alpha=0.6, top_k=4, max_new_tokens=40)
