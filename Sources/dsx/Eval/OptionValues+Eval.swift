public import ArgumentParser
public import Evaluation
public import Models

extension BOSChoice: ExpressibleByArgument {}
extension ScoringRule: ExpressibleByArgument {}
extension LongInput: ExpressibleByArgument {}
extension ComputeType: ExpressibleByArgument {}
