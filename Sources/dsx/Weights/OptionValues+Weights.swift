public import ArgumentParser
public import Models

extension NameTranslation.Unknown: ExpressibleByArgument {}
extension WeightSplit.Style: ExpressibleByArgument {}
