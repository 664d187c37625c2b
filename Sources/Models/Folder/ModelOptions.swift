/// How a model is opened.
public struct ModelOptions: Sendable, Equatable {
  /// The numbers that weights are multiplied in.
  public var computeType: ComputeType
  /// The task to open the model for, by any of ModelScope's names (`TaskGroup`); nil: what the folder
  /// says.
  public var task: String?
  /// The folder of the encoder, for a folder that holds only a head.
  public var backbone: String?
  /// Bytes that the process may use for weights; nil: what the system has free. A model that needs
  /// more is an error before anything is loaded.
  public var memoryLimit: Int?

  /// The options; the defaults are those of the command line.
  public init(
    computeType: ComputeType = .float32, task: String? = nil, backbone: String? = nil,
    memoryLimit: Int? = nil
  ) {
    self.computeType = computeType
    self.task = task
    self.backbone = backbone
    self.memoryLimit = memoryLimit
  }
}
