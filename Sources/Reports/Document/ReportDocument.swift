/// A report as a value: what to show, in the reader's order, without a word on how.
///
/// The renderers (`HTMLReport`, `MarkdownReport`) turn the same document into a page and a text, so
/// both always say the same. All strings are plain text; the renderers escape them.
public struct ReportDocument: Sendable, Equatable {
  /// The headline, e.g. `tnews · pangu-mini`.
  public var title: String
  /// Short facts under the headline, shown in one line: run id, model, tool version.
  public var facts: [String]
  /// The BCP 47 language of the page's own words; content may be in any other.
  public var language: String
  /// The answer in one sentence; nil where there is nothing to judge.
  public var verdict: Verdict?
  /// The numbers to see first. Four to six look best.
  public var tiles: [Tile]
  /// The rest, in order.
  public var sections: [ReportSection]
  /// A last line, e.g. `made by dsx 0.1.0`.
  public var footer: String?

  /// A report.
  public init(
    title: String, facts: [String] = [], language: String = "en", verdict: Verdict? = nil,
    tiles: [Tile] = [], sections: [ReportSection] = [], footer: String? = nil
  ) {
    self.title = title
    self.facts = facts
    self.language = language
    self.verdict = verdict
    self.tiles = tiles
    self.sections = sections
    self.footer = footer
  }
}

/// How something went. Renderers show it by colour, by sign and by word, never by colour alone.
public enum Status: String, Sendable, Equatable, CaseIterable {
  /// Fine, better.
  case good
  /// Worse, failed.
  case bad
  /// Needs a look.
  case warning
  /// Neither.
  case neutral
  /// Nobody can tell.
  case unsure

  /// The sign that stands before its words.
  public var sign: String {
    switch self {
    case .good: "✓"
    case .bad: "✗"
    case .warning: "!"
    case .neutral: "="
    case .unsure: "?"
    }
  }
}

/// The report's answer, shown in a bar on top.
public struct Verdict: Sendable, Equatable {
  /// How it went.
  public var status: Status
  /// A few words, e.g. `1 of 8 gates failed`.
  public var headline: String
  /// One or two sentences.
  public var detail: String

  /// The sign before its words; where nothing was judged a dot.
  var sign: String { status == .neutral ? "•" : status.sign }

  /// A verdict.
  public init(status: Status, headline: String, detail: String = "") {
    self.status = status
    self.headline = headline
    self.detail = detail
  }
}

/// One number in a frame of its own.
public struct Tile: Sendable, Equatable {
  /// What it is, e.g. `examples`.
  public var label: String
  /// The number, formatted, e.g. `31,204`.
  public var value: String
  /// A small remark beside it: a unit, a standard error.
  public var note: String?

  /// A tile.
  public init(_ label: String, _ value: String, note: String? = nil) {
    self.label = label
    self.value = value
    self.note = note
  }
}

/// A headed part of a report.
public struct ReportSection: Sendable, Equatable {
  /// Its heading.
  public var title: String
  /// A sentence under the heading.
  public var lead: String?
  /// Its frames; two half-wide ones that follow each other stand side by side.
  public var panels: [Panel]

  /// A section.
  public init(_ title: String, lead: String? = nil, panels: [Panel]) {
    self.title = title
    self.lead = lead
    self.panels = panels
  }
}

/// A frame with a title, a sentence on how to read it, and content.
public struct Panel: Sendable, Equatable {
  /// How wide it stands on a wide screen.
  public enum Width: Sendable, Equatable {
    /// Half the page.
    case half
    /// Half the page, beside two halves under each other.
    case tall
    /// The whole page.
    case full
  }

  /// What it shows.
  public var title: String?
  /// How to read it.
  public var subtitle: String?
  /// How wide it is.
  public var width: Width
  /// Its content, from top to bottom.
  public var blocks: [Block]

  /// A frame.
  public init(
    _ title: String?, subtitle: String? = nil, width: Width = .full, _ blocks: [Block]
  ) {
    self.title = title
    self.subtitle = subtitle
    self.width = width
    self.blocks = blocks
  }

  /// A frame without a title.
  public init(_ blocks: [Block], width: Width = .full) {
    self.init(nil, subtitle: nil, width: width, blocks)
  }
}

/// One piece of content.
public enum Block: Sendable, Equatable {
  /// A paragraph.
  case paragraph(String)
  /// A table.
  case table(Table)
  /// Horizontal bars, one a line.
  case bars(BarChart)
  /// A histogram.
  case histogram(Histogram)
  /// A matrix of counts, coloured by row share.
  case heatMap(HeatMap)
  /// Names and values: settings, hashes, counts.
  case definitions([Definition])
  /// A command or file content to copy, set in a fixed-width font.
  case code(String)
  /// Single examples with gold and predicted answers.
  case examples(ExampleList)
  /// Small pictures side by side.
  case pictures([Picture])
  /// A command or a file to copy; with scripts it has a button for that.
  case command(String)
  /// Changes in standard errors, one a line.
  case forest(ForestPlot)
  /// A number over runs.
  case trend(TrendChart)
  /// Confidence against accuracy.
  case reliability(ReliabilityDiagram)
  /// Which worker did what when.
  case timeline(Timeline)
  /// Answers that changed, with the differing words marked.
  case flips(FlipList)
  /// Outcomes of several things over several runs.
  case grid(StatusGrid)
  /// Outcomes of days.
  case calendar(CalendarMap)
}

/// A name and its value.
public struct Definition: Sendable, Equatable {
  /// The name.
  public var term: String
  /// The value.
  public var value: String
  /// Whether the value is code (a hash, a path, a signature).
  public var isCode: Bool

  /// A pair.
  public init(_ term: String, _ value: String, isCode: Bool = false) {
    self.term = term
    self.value = value
    self.isCode = isCode
  }
}
