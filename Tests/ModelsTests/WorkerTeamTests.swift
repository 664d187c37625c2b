import DSXCore
import Testing

@testable import Models

/// Every piece once, whoever does it.
@Suite struct WorkerTeamTests {
  @Test(arguments: [1, 2, 5])
  func pieces(_ size: Int) {
    let team = WorkerTeam(size: size)
    for round in 0..<2_000 {
      let count = round % 23
      let taken = Lock([Int](repeating: 0, count: count))
      let workers = Lock(Set<Int>())
      team.run(count) { piece, worker in
        taken.withLock { $0[piece] += 1 }
        workers.withLock { _ = $0.insert(worker) }
      }
      let all = taken.withLock { $0.allSatisfy { $0 == 1 } }
      let known = workers.withLock { $0.allSatisfy { (0..<size).contains($0) } }
      #expect(all && known)
    }
  }
}
