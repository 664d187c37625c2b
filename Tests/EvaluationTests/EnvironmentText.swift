import Glibc

/// The value of an environment variable.
func getenvText(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
