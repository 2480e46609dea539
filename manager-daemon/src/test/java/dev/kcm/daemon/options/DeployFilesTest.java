package dev.kcm.daemon.options;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shipped beside the program for those who run it. */
class DeployFilesTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Path DIST = Path.of("src/dist");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"kubernetes/static-pod.yaml", "kubernetes/deployment.yaml"})
  void startsFromTheManifestWithoutAWarning(String manifest) throws IOException {
    JsonNode first = documents(manifest).get(0);
    JsonNode pod =
        first.path("kind").asText().equals("Pod")
            ? first.path("spec")
            : first.path("spec").path("template").path("spec");
    List<String> command = new ArrayList<>();
    pod.path("containers").get(0).path("command").forEach(word -> command.add(word.asText()));
    assertThat(command.remove(0)).isEqualTo("kube-controller-manager");
    List<String> args =
        command.stream()
            .map(word -> word.replace("=/etc/kubernetes/", "=" + directory + "/"))
            .toList();
    TestFiles.createFiles(args, directory);

    CommandLine.Result result = CommandLine.of(ProductVersion.current(), 80).parse(args);

    assertThat(result).isInstanceOf(CommandLine.Parsed.class);
    assertThat(((CommandLine.Parsed) result).warnings()).isEmpty();
  }

  @Test
  void everyAlertHasARunbook() throws IOException {
    String operations = Files.readString(Path.of("../docs/operations.md"));
    List<String> headings =
        operations
            .lines()
            .filter(line -> line.startsWith("### Kube"))
            .map(line -> line.substring(4))
            .toList();
    List<String> alerts = new ArrayList<>();
    for (JsonNode rule : documents("prometheus/rules.yaml").get(0).findValues("rules").get(0)) {
      String name = rule.path("alert").asText();
      alerts.add(name);
      assertThat(rule.path("labels").path("severity").asText())
          .as(name)
          .isIn("critical", "warning");
      assertThat(rule.path("annotations").path("summary").asText()).as(name).endsWith(".");
      assertThat(rule.path("annotations").path("runbook_url").asText())
          .isEqualTo("docs/operations.md#" + name.toLowerCase(Locale.ROOT));
    }

    assertThat(alerts).isNotEmpty().doesNotHaveDuplicates();
    assertThat(headings).containsExactlyElementsOf(alerts);
  }

  @Test
  void everyFileCanBeRead() throws IOException {
    try (Stream<Path> files = Files.walk(DIST)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
        assertThat(documents(DIST.relativize(file).toString()))
            .as(file.toString())
            .isNotEmpty()
            .allMatch(JsonNode::isObject);
      }
    }
    JsonNode dashboard =
        new ObjectMapper().readTree(DIST.resolve("grafana/kube-controller-manager.json").toFile());
    assertThat(dashboard.path("panels").findValuesAsText("id"))
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }

  private static List<JsonNode> documents(String file) throws IOException {
    try (MappingIterator<JsonNode> all =
        YAML.readerFor(JsonNode.class).readValues(DIST.resolve(file).toFile())) {
      return all.readAll();
    }
  }
}
