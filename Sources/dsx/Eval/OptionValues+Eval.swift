public import ArgumentParser
public import Evaluation
public import Models

extension BOSChoice: ExpressibleByArgument {}
extension LabelScoringRule: ExpressibleByArgument {}
