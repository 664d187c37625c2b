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

  /// The rule that cuts its documents.
  func rule(_ compatibility: Compatibility?) -> DocumentRule {
    switch self {
    case .pangu: .doubleLineFeed
    case .panguWiki: compatibility == nil ? .blankLine : .file
    case .lambada: .line
    }
  }

  /// What the original script writes as the schema's description.
  public var datasetType: String {
    switch self {
    case .pangu: "openwebtext"
    case .panguWiki: "wiki"
    case .lambada: "lambada"
    }
  }

  /// The schema's description: the original script's word under compat, else the task's name.
  func description(_ compatibility: Compatibility?) -> String {
    compatibility == nil ? rawValue : datasetType
  }
}
