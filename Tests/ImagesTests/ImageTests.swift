import Images
import Testing

@Suite struct ImageTests {
  @Test func anImageKeepsItsPixels() {
    let image = Image(width: 1, height: 2, pixels: [1, 2, 3, 4, 5, 6])
    #expect(image.pixels.count == image.width * image.height * 3)
  }
}
