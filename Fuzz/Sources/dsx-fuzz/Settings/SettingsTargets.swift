import DSXCore
@testable import Datasets
@testable import Evaluation
import Jobs

private let recipe = ScratchFile("recipe.yaml")
private let task = ScratchFile("task.yaml")
private let pipeline = ScratchFile("pipeline.yaml")
private let descriptor = ScratchFile("set.json")
private let manifest = ScratchFile("manifest.json")

/// A recipe of `dsx recipe run`.
func fuzzRecipe(_ input: UnsafeRawBufferPointer) {
  recipe.fill(input)
  guard let recipe = try? Recipe(path: recipe.path) else { return }
  require(!recipe.cells.isEmpty, "a recipe without cells")
  require(
    recipe.gateSettings.alpha > 0 && recipe.gateSettings.alpha < 0.5, "alpha is out of bounds")
  require((100...1_000_000).contains(recipe.gateSettings.resamples), "resamples are out of bounds")
}

/// A task.yaml, with each of its variants.
func fuzzTask(_ input: UnsafeRawBufferPointer) {
  task.fill(input)
  guard let definition = try? TaskDefinition(path: task.path) else { return }
  _ = definition.json.text()
  for name in definition.variants.prefix(4) {
    _ = try? TaskDefinition(path: task.path, compat: name)
  }
}

/// A recipe of `dsx pipeline`; its sources are not opened.
func fuzzPipeline(_ input: UnsafeRawBufferPointer) {
  pipeline.fill(input)
  _ = try? PipelineRecipe(file: pipeline.path)
}

/// A legacy descriptor of ModelScope.
func fuzzDescriptor(_ input: UnsafeRawBufferPointer) {
  descriptor.fill(input)
  guard let descriptor = try? Descriptor(path: descriptor.path) else { return }
  require(!descriptor.subsets.isEmpty, "a descriptor without subsets")
  let layout = DatasetLayout(descriptor)
  require(layout.subsets.count == descriptor.subsets.count, "subsets were lost")
}

/// A folder with data files of many names beside its README.
private let readme: ScratchFile = {
  for name in [
    "train.csv", "test-1.csv", "data/a.csv", "data/train/b.csv", "data/c.jsonl", "z.txt",
  ] {
    ScratchFile("dataset/" + name).fill(Array("a,b\n1,2\n".utf8))
  }
  return ScratchFile("dataset/README.md")
}()

/// A data set's README with `configs:`; no file outside of its folder is named.
func fuzzReadme(_ input: UnsafeRawBufferPointer) {
  readme.fill(input)
  _ = try? ReadmeConfigs.layout(folder: ScratchFile.folder + "/dataset")
}

/// A manifest, a part's manifest or a plan: what was read is written, and read again the same.
func fuzzManifest(_ input: UnsafeRawBufferPointer) {
  manifest.fill(input)
  if let read = try? JobManifest(path: manifest.path) {
    manifest.fill(Array(read.text.utf8))
    require((try? JobManifest(path: manifest.path)) == read, "a manifest changes")
  } else if let read = try? ShardManifest(path: manifest.path) {
    manifest.fill(Array(read.text.utf8))
    require((try? ShardManifest(path: manifest.path)) == read, "a part's manifest changes")
  } else if let read = try? WorkPlan(path: manifest.path) {
    manifest.fill(Array(read.text.utf8))
    require((try? WorkPlan(path: manifest.path)) == read, "a plan changes")
  }
}
