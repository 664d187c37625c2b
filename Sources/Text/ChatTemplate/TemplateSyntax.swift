/// An expression of a template.
indirect enum TemplateExpression {
  case literal(TemplateValue)
  case name(String)
  case list([TemplateExpression])
  case dictionary([(TemplateExpression, TemplateExpression)])
  case member(TemplateExpression, String)
  case index(TemplateExpression, TemplateExpression)
  case slice(TemplateExpression, TemplateExpression?, TemplateExpression?, TemplateExpression?)
  case call(TemplateExpression, Arguments)
  case filter(TemplateExpression, String, Arguments)
  case test(TemplateExpression, String, Arguments, negated: Bool)
  case unary(String, TemplateExpression)
  case binary(String, TemplateExpression, TemplateExpression)
  case comparison(TemplateExpression, [(String, TemplateExpression)])
  case and(TemplateExpression, TemplateExpression)
  case or(TemplateExpression, TemplateExpression)
  case conditional(TemplateExpression, TemplateExpression, TemplateExpression?)

  /// The arguments of a call.
  struct Arguments {
    var positional: [TemplateExpression] = []
    var named: [(name: String, value: TemplateExpression)] = []
  }
}

/// A statement of a template, with the line that it begins on.
struct TemplateStatement {
  var line: Int
  var action: Action

  indirect enum Action {
    case text(String)
    case output(TemplateExpression)
    case set([Target], TemplateExpression)
    case setBlock(Target, [TemplateStatement])
    case branch([(TemplateExpression, [TemplateStatement])], otherwise: [TemplateStatement])
    case loop(Loop)
    case macro(Macro)
    /// `{% generation %}`: what is printed inside is the model's answer.
    case generation([TemplateStatement])
    case leave
    case next
  }

  /// What `set` changes.
  enum Target {
    case name(String)
    case member(String, String)
  }

  struct Loop {
    var names: [String]
    var values: TemplateExpression
    var condition: TemplateExpression?
    var body: [TemplateStatement]
    var otherwise: [TemplateStatement]
  }

  struct Macro {
    var name: String
    var parameters: [(name: String, standard: TemplateExpression?)]
    var body: [TemplateStatement]
  }
}

extension TemplateStatement {
  /// Whether `{% generation %}` stands anywhere in it.
  var marksAnswers: Bool {
    switch action {
    case .generation: true
    case .setBlock(_, let body): body.contains(where: \.marksAnswers)
    case .branch(let branches, let otherwise):
      (branches.flatMap(\.1) + otherwise).contains(where: \.marksAnswers)
    case .loop(let loop): (loop.body + loop.otherwise).contains(where: \.marksAnswers)
    case .macro(let macro): macro.body.contains(where: \.marksAnswers)
    case .text, .output, .set, .leave, .next: false
    }
  }
}
