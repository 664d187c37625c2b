"""Random encoders and vision transformers of transformers in model folders, and what transformers
answers: shared by check_encoders.py and by Tests/Fixtures/models/make.py.

A folder is what `save_pretrained` writes: config.json, model.safetensors, tokenizer.json,
tokenizer_config.json or preprocessor_config.json. Weights and biases are random and large enough that
every part of a model shows in its outputs.
"""

import json
import pathlib
import random

import numpy
import tokenizers
import torch
import transformers
from tokenizers import decoders, models, normalizers, pre_tokenizers, processors, trainers

transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()

WORDS = (
    "the a cat dog house river runs sleeps under over bright old café naïve Zürich 你好 世界 天气 很好 "
    "今天 model token score answer question where who when 42 3.14 (yes) no! ... e-mail don't 🙂 "
    "wide-ranging unbelievably transformers Ångström"
).split()


def text(rng, low=1, high=14):
    """A random text of the words above, sometimes with odd white space."""
    words = [rng.choice(WORDS) for _ in range(rng.randint(low, high))]
    return rng.choice(["", " ", ""]) + rng.choice([" ", " ", "  "]).join(words)


def corpus():
    rng = random.Random(5)
    return [text(rng) for _ in range(600)]


def make_tokenizer(family, size, limit):
    """A small vocabulary of the kind that the family has, as transformers wraps it."""
    if family == "bert":
        inner = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))
        inner.normalizer = normalizers.BertNormalizer(lowercase=True)
        inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        trainer = trainers.WordPieceTrainer(
            vocab_size=size, special_tokens=special, show_progress=False)
        inner.decoder = decoders.WordPiece()
    elif family == "roberta":
        inner = tokenizers.Tokenizer(models.BPE())
        inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
        special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        trainer = trainers.BpeTrainer(
            vocab_size=size, special_tokens=special, show_progress=False,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
        inner.decoder = decoders.ByteLevel()
    else:
        inner = tokenizers.Tokenizer(models.Unigram())
        inner.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
        inner.pre_tokenizer = pre_tokenizers.Metaspace()
        special = ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"]
        trainer = trainers.UnigramTrainer(
            vocab_size=size, special_tokens=special, unk_token="<unk>", show_progress=False)
        inner.decoder = decoders.Metaspace()
    inner.train_from_iterator(corpus(), trainer)
    first, last = ("<s>", "</s>") if family == "roberta" else ("[CLS]", "[SEP]")
    ids = {name: inner.token_to_id(name) for name in (first, last)}
    if family == "roberta":
        inner.post_processor = processors.RobertaProcessing(
            (last, ids[last]), (first, ids[first]), trim_offsets=True, add_prefix_space=True)
    else:
        inner.post_processor = processors.TemplateProcessing(
            single=f"{first}:0 $A:0 {last}:0", pair=f"{first}:0 $A:0 {last}:0 $B:1 {last}:1",
            special_tokens=[(first, ids[first]), (last, ids[last])])
    names = dict(zip(("pad_token", "unk_token"), special if family != "roberta" else (
        "<pad>", "<unk>")))
    inputs = ["input_ids", "attention_mask"]
    if family != "roberta":
        inputs.insert(1, "token_type_ids")
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=inner, cls_token=first, sep_token=last, model_max_length=limit,
        mask_token=special[-1], model_input_names=inputs, **names)


CONFIGS = {
    "bert": transformers.BertConfig, "roberta": transformers.RobertaConfig,
    "albert": transformers.AlbertConfig, "vit": transformers.ViTConfig,
}
NAMES = {"bert": "Bert", "roberta": "Roberta", "albert": "Albert", "vit": "ViT"}
HEADS = {
    "text": "ForSequenceClassification", "tokens": "ForTokenClassification",
    "answers": "ForQuestionAnswering", "sentences": "Model", "images": "ForImageClassification",
}


def randomise(model, seed):
    """Random numbers everywhere, norms' weights around 1."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, value in model.named_parameters():
            noise = torch.randn(value.shape, generator=generator)
            if value.dim() > 1:
                value.copy_(noise * (0.7 / value.shape[-1] ** 0.5))
            else:
                value.copy_(noise * 0.1 + (1.0 if name.lower().endswith("norm.weight")
                                           or "layernorm" in name and name.endswith("weight")
                                           else 0.0))


def make_encoder(folder, family, task, seed, size=240, width=16, heads=2, layers=2, inner=24,
                 positions=40, labels=3, half=False, names=None,
                 **more):
    """Writes a model folder; gives the tokenizer and the model. `half` stores the weights as float16."""
    limit = positions - (2 if family == "roberta" else 0)
    tokenizer = make_tokenizer(family, size, limit)
    options = dict(
        vocab_size=len(tokenizer), hidden_size=width, num_hidden_layers=layers,
        num_attention_heads=heads, intermediate_size=inner, max_position_embeddings=positions,
        type_vocab_size=1 if family == "roberta" else 2,
        pad_token_id=tokenizer.pad_token_id, bos_token_id=None, eos_token_id=None, **more)
    if task in ("text", "tokens"):
        options["id2label"] = names or {index: f"L-{index}" for index in range(labels)}
    config = CONFIGS[family](**options)
    model = getattr(transformers, NAMES[family] + HEADS[task])(config).eval()
    randomise(model, seed)
    if half:
        model = model.half()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return tokenizer, model.float()


def make_vit(folder, seed, width=16, heads=2, layers=2, inner=24, image=24, patch=8, labels=3,
             processor=None, **more):
    """Writes a vision transformer with its preprocessor; gives both."""
    config = transformers.ViTConfig(
        hidden_size=width, num_hidden_layers=layers, num_attention_heads=heads,
        intermediate_size=inner, image_size=image, patch_size=patch,
        id2label={index: f"L-{index}" for index in range(labels)}, **more)
    model = transformers.ViTForImageClassification(config).eval()
    randomise(model, seed)
    model.save_pretrained(folder)
    from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

    settings = dict(size={"height": image, "width": image}) | (processor or {})
    reader = ViTImageProcessorPil(**settings)
    reader.save_pretrained(folder)
    return reader, model


def image_logits(reader, model, images):
    with torch.inference_mode():
        return [
            model(**reader(image, return_tensors="pt")).logits[0].tolist() for image in images]


def text_logits(tokenizer, model, inputs, limit):
    """One list of logits for each (text, pair or None), each computed by itself, cut to `limit`."""
    logits = []
    with torch.inference_mode():
        for first, second in inputs:
            encoded = tokenizer(
                first, second, truncation=True, max_length=limit, return_tensors="pt")
            logits.append(model(**encoded).logits[0].tolist())
    return logits


def tag_logits(tokenizer, model, sentences, limit):
    """For each word the logits of its first token; an empty list for a word without one."""
    result = []
    with torch.inference_mode():
        for words in sentences:
            encoded = tokenizer(
                words, is_split_into_words=True, truncation=True, max_length=limit,
                return_tensors="pt")
            rows = model(**encoded).logits[0]
            places = {}
            for token, word in enumerate(encoded.word_ids(0)):
                if word is not None:
                    places.setdefault(word, token)
            result.append([
                rows[places[word]].tolist() if word in places else []
                for word in range(len(words))])
    return result


def answers(tokenizer, model, pairs, limit, stride, best=20, longest=30, allows_none=False,
            threshold=0.0):
    """What transformers' examples/pytorch/question-answering (run_qa.py, utils_qa.py) answers: windows
    of the context, the best starts and ends of each, the best sums of all."""
    results = []
    for question, context in pairs:
        encoded = tokenizer(
            question.lstrip(), context, truncation="only_second", max_length=limit, stride=stride,
            return_overflowing_tokens=True, return_offsets_mapping=True)
        found, null, windows = [], None, len(encoded["input_ids"])
        for window in range(windows):
            inputs = {
                name: torch.tensor([encoded[name][window]])
                for name in tokenizer.model_input_names}
            with torch.inference_mode():
                output = model(**inputs)
            starts = output.start_logits[0].numpy()
            ends = output.end_logits[0].numpy()
            places = [
                place if sequence == 1 else None
                for place, sequence in zip(
                    encoded["offset_mapping"][window], encoded.sequence_ids(window))]
            score = starts[0] + ends[0]
            if null is None or null[2] > score:
                null = ((0, 0), None, score, starts[0], ends[0])
            for start in numpy.argsort(starts)[::-1][:best].tolist():
                for end in numpy.argsort(ends)[::-1][:best].tolist():
                    if places[start] is None or places[end] is None:
                        continue
                    if not 0 <= end - start < longest:
                        continue
                    found.append((
                        (places[start][0], places[end][1]), window, starts[start] + ends[end],
                        starts[start], ends[end]))
        kept = sorted(found + ([null] if allows_none else []), key=lambda one: -one[2])[:best]
        if allows_none and not any(one[0] == (0, 0) for one in kept):
            kept.append(null)
        texts = [context[one[0][0]:one[0][1]] for one in kept]
        scores = numpy.array([one[2] for one in kept], dtype=numpy.float64)
        weights = numpy.exp(scores - scores.max()) if len(kept) else scores
        answer = texts[0] if texts else ""
        if allows_none:
            best_text = next((i for i, one in enumerate(texts) if one), None)
            answer = ""
            if best_text is not None:
                difference = null[2] - kept[best_text][3] - kept[best_text][4]
                answer = "" if difference > threshold else texts[best_text]
        results.append({
            "answer": answer, "windows": windows, "null": float(null[2]),
            "candidates": [
                {"text": words, "score": float(one[2]), "start_logit": float(one[3]),
                 "end_logit": float(one[4]), "probability": float(weight / weights.sum())}
                for words, one, weight in zip(texts, kept, weights)]})
    return results


def write_sentence_modules(folder, width, pooling, dense=None, normalise=False, limit=None, seed=3):
    """What sentence-transformers puts beside an encoder. `pooling` are names of flags, `dense` is
    (outputs, activation)."""
    import safetensors.torch

    folder = pathlib.Path(folder)
    modules = ["Transformer", "Pooling"] + ["Dense"] * (dense is not None)
    modules += ["Normalize"] * normalise
    entries = []
    for index, name in enumerate(modules):
        path = "" if index == 0 else f"{index}_{name}"
        entries.append({
            "idx": index, "name": str(index), "path": path,
            "type": f"sentence_transformers.models.{name}"})
        if path:
            (folder / path).mkdir(exist_ok=True)
    (folder / "modules.json").write_text(json.dumps(entries, indent=2))
    flags = ["cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens",
             "weightedmean_tokens", "lasttoken"]
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(
        {"word_embedding_dimension": width}
        | {f"pooling_mode_{flag}": flag in pooling for flag in flags}))
    if limit is not None:
        (folder / "sentence_bert_config.json").write_text(json.dumps(
            {"max_seq_length": limit, "do_lower_case": False}))
    if dense is not None:
        outputs, activation = dense
        generator = torch.Generator().manual_seed(seed)
        inputs = width * len(pooling)
        (folder / "2_Dense" / "config.json").write_text(json.dumps({
            "in_features": inputs, "out_features": outputs, "bias": True,
            "activation_function": f"torch.nn.modules.{activation}"}))
        safetensors.torch.save_file(
            {"linear.weight": torch.randn(outputs, inputs, generator=generator) * 0.3,
             "linear.bias": torch.randn(outputs, generator=generator)},
            folder / "2_Dense" / "model.safetensors")


def sentence_vectors(folder, texts):
    """sentence-transformers' own vectors, each text by itself."""
    import sentence_transformers

    model = sentence_transformers.SentenceTransformer(str(folder), device="cpu")
    return [model.encode([one], show_progress_bar=False)[0].tolist() for one in texts]
