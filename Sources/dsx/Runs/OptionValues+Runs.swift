public import ArgumentParser
public import Evaluation

extension GateTest: ExpressibleByArgument {}
