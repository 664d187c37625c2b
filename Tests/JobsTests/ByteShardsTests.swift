import Jobs
import Testing

@Suite struct ByteShardsTests {
  @Test func recordsBelongToTheShardOfTheirFirstByte() {
    let shards = ByteShards(sizes: [10, 0, 5, 7], size: 8)
    #expect(shards.totalBytes == 22)
    #expect(shards.count == 3)
    #expect(shards.shard(file: 0, offset: 0) == 0)
    #expect(shards.shard(file: 0, offset: 7) == 0)
    #expect(shards.shard(file: 0, offset: 8) == 1)
    #expect(shards.shard(file: 2, offset: 0) == 1)
    #expect(shards.shard(file: 3, offset: 0) == 1)
    #expect(shards.shard(file: 3, offset: 1) == 2)
  }

  @Test func nothingIsOneShard() {
    #expect(ByteShards(sizes: [], size: 8).count == 1)
    #expect(ByteShards(sizes: [0], size: 0).count == 1)
    #expect(ByteShards(sizes: [8], size: 8).count == 1)
    #expect(ByteShards(sizes: [9], size: 8).count == 2)
  }
}
