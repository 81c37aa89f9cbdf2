import Testing
import audit_cli

@Suite struct TableTests {
  private func make() -> Table {
    var table = Table([("rank", .right), ("key", .left), ("caption", .flexible), ("risk", .right)])
    table.add(["1", "00000.tar!000000017.jpg", "a red\nbicycle", "0.99"])
    table.add(["10", "日本語", "赤い自転車 leaning against a very long wall of old bricks", "0.5"])
    table.add(["100", "x", "👍🏽 fine", "0.25"])
    return table
  }

  @Test("columns align whatever the script, and captions give way", arguments: [60, 100])
  func golden(width: Int) throws {
    let lines = make().lines(width: width, style: .plain)
    for line in lines { #expect(DisplayWidth.of(line) <= width, "\(line)") }
    try Snapshot.expect(lines.joined(separator: "\n") + "\n", matches: "table-\(width)")
  }

  @Test("of a long path the end is shown, and the captions beside it")
  func endings() {
    var table = Table([("key", .ending(12)), ("caption", .flexible)])
    table.add(["png/animals/dinosaurs/dino_03.png", "a green dinosaur"])
    table.add(["日本語日本語日本語.png", "x"])
    table.add(["short.png", "y"])
    let lines = table.lines(width: 40, style: .plain)
    #expect(
      lines == [
        "key           caption", "…dino_03.png  a green dinosaur", "…日本語.png   x",
        "short.png     y",
      ])
  }

  @Test("right-aligned columns end at the same column")
  func alignment() {
    let ends = make().lines(width: 70, style: .plain).map { DisplayWidth.of($0) }
    #expect(Set(ends).count == 1)
  }

  @Test("a table without rows is its header")
  func empty() {
    #expect(Table([("a", .left), ("b", .right)]).lines(width: 80, style: .plain) == ["a  b"])
  }
}
