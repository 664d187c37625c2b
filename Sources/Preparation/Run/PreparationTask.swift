/// What the inputs are, and how a document becomes text.
public enum PreparationTask: String, CaseIterable, Sendable {
  /// Plain text; documents end at two line feeds.
  case pangu
  /// Wikitext: cleaned (`WikitextCleaning`), headings left out.
  ///
  /// Under compat a whole file is cleaned at once, then split at two line feeds. Else documents end at
  /// blank lines and each is cleaned alone, so that a stray quote changes nothing outside of it.
  case panguWiki = "pangu-wiki"
  /// JSON lines with a `text`; every line is a document. Blank lines are left out, but are an error
  /// under compat, as there.
  case lambada
  /// TNEWS: which of several labels makes the prompt likeliest; a row holds one prompt for each.
  case tnews
  /// CMRC2018: a question about a paragraph, answered by what follows the prompt.
  case cmrc2018
  /// Wikitext for GPT-2: cleaned passages, one stream of ids, cut into rows.
  case gpt2Wikitext = "gpt2-wikitext"
  /// Conversations in JSON lines, written with the vocabulary's chat template; labels are the answers.
  case chat

  /// Whether its rows are examples of a structured file (`ExampleTask`), not pieces of a stream of text.
  public var hasExamples: Bool {
    switch self {
    case .pangu, .panguWiki, .lambada, .chat: false
    case .tnews, .cmrc2018, .gpt2Wikitext: true
    }
  }

  /// The rule that cuts its documents.
  func rule(_ compatibility: Compatibility?) -> DocumentRule {
    switch self {
    case .pangu: .doubleLineFeed
    case .panguWiki: compatibility == nil ? .blankLine : .file
    case .lambada, .chat: .line
    case .tnews, .cmrc2018, .gpt2Wikitext: .file
    }
  }

  /// What the original script writes as the schema's description.
  public var datasetType: String {
    switch self {
    case .pangu: "openwebtext"
    case .panguWiki: "wiki"
    case .lambada: "lambada"
    case .tnews: "pangualpha_tnews"
    case .cmrc2018: "pangualpha_cmrc2018"
    case .gpt2Wikitext: "lm-schema"
    case .chat: "chat"
    }
  }

  /// The schema's description: the original script's word under compat, else the task's name.
  func description(_ compatibility: Compatibility?) -> String {
    compatibility == nil ? rawValue : datasetType
  }
}
