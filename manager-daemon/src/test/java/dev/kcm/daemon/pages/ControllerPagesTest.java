package dev.kcm.daemon.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.catalog.Catalog;
import dev.kcm.controllers.catalog.CatalogConfig;
import dev.kcm.core.access.Access;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.daemon.flags.FlagTable;
import dev.kcm.daemon.options.CommandLine;
import dev.kcm.daemon.options.ProductVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * There is a page about each controller, made from its package-info, its spec and the flags.
 * Running this test with the system property {@code kcm.update} set writes them anew; what stands
 * behind the marker on a page is kept.
 */
class ControllerPagesTest {

  private static final Path PAGES = Path.of("../docs/controllers");
  private static final Path SOURCES = Path.of("../controllers/src/main/java");
  private static final String INDEX = "README.md";
  private static final FlagTable FLAGS = CommandLine.of(ProductVersion.current(), 0).table();

  private static final String INDEX_HEAD =
      """
      # Controllers

      | controller, `-controller` behind each name | what the user sees when it works | client identity | by default |
      |---|---|---|---|
      """;

  private static final String INDEX_TAIL =
      """

      Each page is made from the package-info of the controller (first sentence, queue, flags, events,
      conditions, metrics, feature gates, invariants, differences to upstream, in this order), from what its
      `spec()` declares (names, identity, access) and from the table of flags. `ControllerPagesTest` fails when a
      page is out of date, and writes all of them anew when it runs with `-Dkcm.update`:

      ```
      mvn -pl manager-daemon -am test -Dtest=ControllerPagesTest -Dsurefire.failIfNoSpecifiedTests=false -Dkcm.update
      ```

      What stands behind the marker on a page is written by hand.

      The tables of access are exact: the [roles](../operations.md#roles) that are shipped are made from them,
      tests run the program with these roles, and no controller declares a right that its upstream role does not
      have. `list, watch` is done by the caches of the process, with the credentials of `--kubeconfig`; all else is
      done as the client identity when `--use-service-account-credentials` is on, but by `serviceaccount-token`,
      which always acts as the process.
      """;

  static Stream<ControllerSpec> controllers() {
    return Catalog.of(CatalogConfig.defaults()).specs().stream();
  }

  private static ControllerPage page(ControllerSpec spec) throws IOException {
    String folder = spec.wiring().getClass().getPackageName().replace('.', '/');
    return new ControllerPage(
        spec, PackageContract.read(SOURCES.resolve(folder).resolve("package-info.java")), FLAGS);
  }

  @ParameterizedTest
  @MethodSource("controllers")
  void pageIsUpToDate(ControllerSpec spec) throws IOException {
    ControllerPage page = page(spec);
    Path file = PAGES.resolve(page.file() + ".md");
    String before = Files.exists(file) ? Files.readString(file) : "";

    checkOrUpdate(file, page.text(before));
  }

  @Test
  void indexIsUpToDate() throws IOException {
    StringBuilder index = new StringBuilder(INDEX_HEAD);
    List<String> rows = new ArrayList<>();
    for (ControllerSpec spec : controllers().toList()) {
      rows.add(page(spec).indexRow());
    }
    rows.stream().sorted().forEach(index::append);

    checkOrUpdate(PAGES.resolve(INDEX), index.append(INDEX_TAIL).toString());
  }

  @Test
  void noPageIsAboutNothing() throws IOException {
    Set<String> wanted = new TreeSet<>(Set.of(INDEX));
    for (ControllerSpec spec : controllers().toList()) {
      wanted.add(page(spec).file() + ".md");
    }
    try (Stream<Path> files = Files.list(PAGES)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(wanted);
    }
  }

  @ParameterizedTest
  @MethodSource("controllers")
  void packageInfoAndDeclarationNameTheSameWrites(ControllerSpec spec) throws IOException {
    Set<String> declared = new TreeSet<>();
    for (Access access : spec.access()) {
      if (!access.resource().endsWith("/finalizers")
          && !access.resource().endsWith("/restricted")) {
        access
            .requests()
            .grants()
            .forEach(
                grant ->
                    grant.verbs().forEach(verb -> declared.add(access.resource() + " " + verb)));
      }
    }

    assertThat(new TreeSet<>(ControllerPage.named(page(spec).contract().part("Writes"))))
        .as(
            "<b>Writes</b> in the package-info of %s, as \"pods: create, delete; ...\"",
            spec.name())
        .isEqualTo(declared);
  }

  @ParameterizedTest
  @MethodSource("controllers")
  void packageInfoNamesWhatIsWatched(ControllerSpec spec) throws IOException {
    String watches = page(spec).contract().part("Watches").toLowerCase(Locale.ROOT);

    for (Access access : spec.access()) {
      if (!access.watches().grants().isEmpty()) {
        assertThat(watches).as(spec.name()).contains(access.resource());
      }
    }
  }

  private static void checkOrUpdate(Path file, String text) throws IOException {
    if (System.getProperty("kcm.update") != null) {
      Files.writeString(file, text);
    }
    assertThat(file)
        .as("%s; run ControllerPagesTest with -Dkcm.update to write it anew", file)
        .hasContent(text);
  }
}
