public import DSXCore

/// A prompt with named fields in braces: `这是关于{label}的文章：{sentence}`. `{{` and `}}` are braces.
public struct PromptTemplate: Sendable, Equatable {
  /// One piece.
  enum Piece: Sendable, Equatable {
    case text(String)
    case field(String)
  }
  /// The template as written.
  public let source: String
  let pieces: [Piece]

  /// Reads a template. Throws `malformed` for braces that do not pair and for empty names.
  public init(_ source: String) throws(DSXError) {
    self.source = source
    var pieces: [Piece] = []
    var text = ""
    var field: String?
    var scalars = source.unicodeScalars.makeIterator()
    var pending: Unicode.Scalar?
    func fault(_ what: String) -> DSXError {
      DSXError(
        .malformed, "the prompt \(what)",
        hint: "fields are written {name}, a brace itself {{ or }}")
    }
    while let scalar = pending ?? scalars.next() {
      pending = nil
      if field != nil {
        if scalar == "}" {
          guard let name = field, !name.isEmpty else { throw fault("has a field without a name") }
          if !text.isEmpty { pieces.append(.text(text)) }
          pieces.append(.field(name))
          (text, field) = ("", nil)
        } else if scalar == "{" {
          throw fault("has a brace inside a field")
        } else {
          field?.unicodeScalars.append(scalar)
        }
        continue
      }
      guard scalar == "{" || scalar == "}" else {
        text.unicodeScalars.append(scalar)
        continue
      }
      let next = scalars.next()
      if next == scalar {
        text.unicodeScalars.append(scalar)
      } else if scalar == "{" {
        field = ""
        pending = next
      } else {
        throw fault("has a closing brace without an opening one")
      }
    }
    guard field == nil else { throw fault("has an opening brace without a closing one") }
    if !text.isEmpty { pieces.append(.text(text)) }
    self.pieces = pieces
  }

  /// The names of the fields, each once, in order.
  public var fields: [String] {
    var names: [String] = []
    for case .field(let name) in pieces where !names.contains(name) { names.append(name) }
    return names
  }

  /// The prompt with its fields filled; a field without a value is empty.
  public func fill(_ values: [String: String]) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .field(let name): values[name] ?? ""
      }
    }.joined()
  }
}
