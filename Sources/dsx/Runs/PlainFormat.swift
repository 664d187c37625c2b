internal import ArgumentParser

/// Text or JSON.
enum PlainFormat: String, CaseIterable, ExpressibleByArgument { case text, json }
