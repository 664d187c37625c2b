/// Other ways to launch the same tasks, as text to be run or sent: nothing of dsx is needed to launch them.
public enum PrintForm: String, CaseIterable, Sendable {
  /// A script for GNU parallel, on one machine or several.
  case parallel
  /// A script that applies a Kubernetes Indexed Job for each step.
  case kubernetes
  /// A script for mpirun (Open MPI or MPICH).
  case mpirun
}
