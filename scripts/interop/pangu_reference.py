"""PanGu-alpha in NumPy, float64, from its published facts; shares no code with dsx.

Sources: MindFormers 0.8.0 (mindformers/models/pangualpha: PanguAlphaModel, QueryLayer, AttentionMask;
mindformers/modules/transformer: MultiHeadAttention, FeedForward) and arXiv:2104.12369. In words:

- stream = word row + position row;
- each block: x += projection(attention(norm1(x))); x += ffn(norm2(x)), norms with epsilon 1e-5;
- x = final norm(x);
- query layer: as a block, but the queries are dense1(top_query_embedding[position]), not of norm1(x);
- logits = x times the word table, no norm between;
- query and key are each divided by d^(1/4); where a key may not be seen, -10000 is added to the score;
- a key may be seen by positions at and behind it, unless it or the position has the padding id;
- fast_gelu(x) = x * sigmoid(1.702 x);
- dense1, dense2, dense3 are stored [out, in]; projection, mapping and output.projection [in, out].
"""

import numpy

EPSILON = 1e-5


def shapes(config):
    """Tensor names and shapes in the order in which MindFormers makes them."""
    width, inner = config["hidden_size"], config["ffn_hidden_size"]
    yield "backbone.embedding.word_embedding.embedding_table", (config["vocab_size"], width)
    yield "backbone.embedding.position_embedding.embedding_table", (config["seq_length"], width)
    layers = [f"backbone.blocks.{n}." for n in range(config["num_layers"] - 1)]
    for layer in [*layers, "backbone.top_query_layer."]:
        for norm in ("layernorm1", "layernorm2"):
            yield layer + norm + ".gamma", (width,)
            yield layer + norm + ".beta", (width,)
        for dense in ("dense1", "dense2", "dense3", "projection"):
            yield layer + f"attention.{dense}.weight", (width, width)
            yield layer + f"attention.{dense}.bias", (width,)
        yield layer + "output.mapping.weight", (width, inner)
        yield layer + "output.mapping.bias", (inner,)
        yield layer + "output.projection.weight", (inner, width)
        yield layer + "output.projection.bias", (width,)
    yield "backbone.layernorm.gamma", (width,)
    yield "backbone.layernorm.beta", (width,)
    yield "backbone.top_query_embedding.embedding_table", (config["seq_length"], width)


def random_weights(config, seed):
    """float32 weights whose logits are neither flat nor certain."""
    random = numpy.random.default_rng(seed)
    weights = {}
    for name, shape in shapes(config):
        scale = 0.3 if "embedding_table" in name or name.endswith("weight") else 0.1
        center = 1.0 if name.endswith("gamma") else 0.0
        values = center + scale * random.standard_normal(shape)
        weights[name] = values.astype(numpy.float32)
    return weights


class PanGu:
    """The model; `weights` by the names of `shapes`."""

    def __init__(self, config, weights):
        self.config = config
        self.weights = {name: value.astype(numpy.float64) for name, value in weights.items()}

    def norm(self, name, x):
        mean = x.mean(-1, keepdims=True)
        variance = ((x - mean) ** 2).mean(-1, keepdims=True)
        normed = (x - mean) / numpy.sqrt(variance + EPSILON)
        return normed * self.weights[name + ".gamma"] + self.weights[name + ".beta"]

    def layer(self, name, x, mask, query_input=None):
        w = self.weights
        heads = self.config["num_heads"]
        length, width = x.shape
        size = width // heads
        normed = self.norm(name + "layernorm1", x)
        source = normed if query_input is None else query_input

        def split(dense, value):
            rows = value @ w[name + f"attention.{dense}.weight"].T
            rows = rows + w[name + f"attention.{dense}.bias"]
            return rows.reshape(length, heads, size).transpose(1, 0, 2)

        query = split("dense1", source) / size**0.25
        key = split("dense2", normed) / size**0.25
        value = split("dense3", normed)
        scores = query @ key.transpose(0, 2, 1) + (1.0 - mask) * -10000.0
        scores = numpy.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        mixed = (scores @ value).transpose(1, 0, 2).reshape(length, width)
        x = x + mixed @ w[name + "attention.projection.weight"]
        x = x + w[name + "attention.projection.bias"]
        hidden = self.norm(name + "layernorm2", x) @ w[name + "output.mapping.weight"]
        hidden = hidden + w[name + "output.mapping.bias"]
        hidden = hidden / (1.0 + numpy.exp(-1.702 * hidden))
        return x + hidden @ w[name + "output.projection.weight"] + w[name + "output.projection.bias"]

    def logits(self, ids):
        """[length, vocabulary]"""
        ids = numpy.asarray(ids)
        w = self.weights
        length = len(ids)
        seen = (ids != self.config["pad_token_id"]).astype(numpy.float64)
        mask = numpy.tril(seen[:, None] * seen[None, :])
        x = w["backbone.embedding.word_embedding.embedding_table"][ids]
        x = x + w["backbone.embedding.position_embedding.embedding_table"][:length]
        for number in range(self.config["num_layers"] - 1):
            x = self.layer(f"backbone.blocks.{number}.", x, mask)
        x = self.norm("backbone.layernorm", x)
        query = w["backbone.top_query_embedding.embedding_table"][:length]
        x = self.layer("backbone.top_query_layer.", x, mask, query)
        return x @ w["backbone.embedding.word_embedding.embedding_table"].T


def log_softmax(logits):
    shifted = logits - logits.max(-1, keepdims=True)
    return shifted - numpy.log(numpy.exp(shifted).sum(-1, keepdims=True))
