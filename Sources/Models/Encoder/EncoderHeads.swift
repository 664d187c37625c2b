internal import DSXCore

/// A label for a text: one or two layers on the first token's row.
///
/// BERT and ALBERT: the pooler (tanh), then the classifier. RoBERTa: its own two layers, `classifier.dense`
/// (tanh) and `classifier.out_proj`.
struct TextClassificationHead: EncoderHead {
  let pooler: DenseLayer
  let classifier: DenseLayer

  var reads: HeadInput { .firstRows }

  init(_ configuration: EncoderConfiguration, _ names: EncoderNames, _ loader: inout WeightLoader)
    throws(DSXError)
  {
    let width = configuration.width
    let isPooled = configuration.family != .roberta
    pooler = try loader.head(
      isPooled ? names.pooler : "classifier.dense", inputs: width, outputs: width)
    classifier = try loader.head(
      isPooled ? "classifier" : "classifier.out_proj", inputs: width)
  }

  func apply(_ hidden: HiddenRows) -> [[Float]] {
    let logits = classifier.apply(pooler.apply(hidden.firstRows(), .tanh))
    return Self.split(
      logits, width: classifier.outputs, rows: [Int](repeating: 1, count: hidden.count))
  }
}

/// One layer on every row: tags (`classifier`), or starts and ends of answers (`qa_outputs`).
struct TokenHead: EncoderHead {
  let layer: DenseLayer

  var reads: HeadInput { .allRows }

  init(_ name: String, width: Int, _ loader: inout WeightLoader) throws(DSXError) {
    layer = try loader.head(name, inputs: width)
  }

  func apply(_ hidden: HiddenRows) -> [[Float]] {
    let total = hidden.starts[hidden.count]
    let logits = layer.apply(hidden.rows, count: total)
    let rows = (0..<hidden.count).map { hidden.starts[$0 + 1] - hidden.starts[$0] }
    return Self.split(logits, width: layer.outputs, rows: rows)
  }
}

/// A vector for a text: pooling and what follows it.
struct SentenceHead: EncoderHead {
  let modules: SentenceModules

  var reads: HeadInput { modules.pooling == [.first] ? .firstRows : .allRows }

  func apply(_ hidden: HiddenRows) -> [[Float]] {
    (0..<hidden.count).map { index in
      let start = hidden.starts[index]
      let count = hidden.starts[index + 1] - start
      var vector = [Float](repeating: 0, count: modules.pooling.count * hidden.width)
      vector.withUnsafeMutableBufferPointer { out in
        guard let base = out.baseAddress else { return }
        for (place, mode) in modules.pooling.enumerated() {
          mode.apply(
            hidden.rows + start * hidden.width, count: count, width: hidden.width,
            into: base + place * hidden.width)
        }
      }
      return modules.finish(vector)
    }
  }
}

extension SentenceModules {
  /// The steps after pooling.
  func finish(_ pooled: [Float]) -> [Float] {
    var vector = pooled
    for step in steps {
      switch step {
      case .dense(let layer, let activation):
        vector = layer.apply(vector, activation)
      case .normalize:
        let sum = vector.reduce(into: 0.0) { $0 += Double($1) * Double($1) }
        let length = max(Float(sum.squareRoot()), 1e-12)
        for index in vector.indices { vector[index] /= length }
      }
    }
    return vector
  }
}
