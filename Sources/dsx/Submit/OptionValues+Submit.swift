public import ArgumentParser
public import Jobs

extension PrintForm: ExpressibleByArgument {}
