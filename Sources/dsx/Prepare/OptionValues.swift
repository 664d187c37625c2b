public import ArgumentParser
public import Preparation

// A conformance of a public type to a public protocol needs public imports of both.
extension PreparationTask: ExpressibleByArgument {}
extension Compatibility: ExpressibleByArgument {
  /// `pangu` is another word for `mindformers`.
  public init?(argument: String) { self.init(name: argument) }
}
extension TailPolicy: ExpressibleByArgument {}
extension BadUTF8Policy: ExpressibleByArgument {}
extension BadRowPolicy: ExpressibleByArgument {}
extension DocumentRule: ExpressibleByArgument {}
extension PackingRule: ExpressibleByArgument {}
extension ShuffleRule: ExpressibleByArgument {}
