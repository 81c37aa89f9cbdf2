extension Communicator {
  /// This replica's part of `count` elements: contiguous, disjoint, in rank order, and each starting
  /// on a 64-byte boundary of an aligned buffer, so that no two replicas write to one cache line.
  package func shard(of count: Int) -> Range<Int> {
    let floatsPerLine = 16
    let lines = (count + floatsPerLine - 1) / floatsPerLine
    let size = (lines + self.count - 1) / self.count * floatsPerLine
    let start = min(rank * size, count)
    return start..<min(start + size, count)
  }
}
