package dev.kcm.controllers.auth.legacytokencleaner;

import static dev.kcm.controllers.auth.legacytokencleaner.LegacyTokenCleanerReconciler.INVALID_SINCE;
import static dev.kcm.controllers.auth.legacytokencleaner.LegacyTokenCleanerReconciler.LAST_USED;
import static dev.kcm.controllers.auth.legacytokencleaner.TestLegacyToken.account;
import static dev.kcm.controllers.auth.legacytokencleaner.TestLegacyToken.daysAgo;
import static dev.kcm.controllers.auth.legacytokencleaner.TestLegacyToken.labelled;
import static dev.kcm.controllers.auth.legacytokencleaner.TestLegacyToken.token;
import static dev.kcm.controllers.auth.legacytokencleaner.TestLegacyToken.tracking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.controllers.shared.accounttokens.TokenSecrets;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.PlanText;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.FaultyServer;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class LegacyTokenCleanerTest {

  private static final String GET =
      "fetch configmaps kube-system/kube-apiserver-legacy-service-account-token-tracking";
  private static final String MARK = "patch secrets shop/t";
  private static final String DELETE = "delete secrets shop/t";

  private final ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(0), List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);
  private final ModelLoop<LegacyTokenCleanerSnapshot> loop = wire(caches);

  static ModelLoop<LegacyTokenCleanerSnapshot> wire(ModelCaches caches) {
    Informer<Secret> secrets = caches.informer(Kinds.SECRETS);
    Informer<ServiceAccount> accounts = caches.informer(Kinds.SERVICE_ACCOUNTS);
    Informer<Pod> pods = caches.informer(PodStates.TYPE);
    return ModelLoop.<LegacyTokenCleanerSnapshot>over(caches)
        .reading(
            new LegacyTokenCleanerReader(
                secrets.lister(), accounts.lister(), pods.lister(), TestLegacyToken.PERIOD))
        .deciding(new LegacyTokenCleanerReconciler());
  }

  @BeforeEach
  void fill() {
    cluster.put(tracking(Map.of("since", daysAgo(30))));
    cluster.put(account("t"));
  }

  @Test
  @DisplayName("Never used, not marked: patch")
  void marksATokenThatWasNeverUsed() {
    assertThat(calls(token("t", 11))).containsExactly(GET, MARK);
    assertThat(cluster.list(Secret.class).get(0).getMetadata().getLabels())
        .containsEntry(INVALID_SINCE, daysAgo(0));
  }

  @Test
  void theMarkGoesToTheIncarnationThatWasSeen() {
    cluster.put(token("t", 11));
    Rehearsal run = run();
    assertThat(run.tried(Action.Patch.class))
        .singleElement()
        .satisfies(patch -> assertThat(patch.body()).contains("\"uid\":\"uid-of-t\""))
        .satisfies(
            patch ->
                assertThat(patch.format().mediaType()).isEqualTo("application/merge-patch+json"));
    assertThat(run.verdict()).isEqualTo(Verdict.after(Duration.ofHours(24)));
  }

  @Test
  @DisplayName("Used long ago: patch; used on the day of the limit: nothing")
  void aLateUseCounts() {
    assertThat(calls(labelled(token("t", 30), LAST_USED, daysAgo(11)))).containsExactly(GET, MARK);
    assertThat(calls(labelled(token("t", 30), LAST_USED, daysAgo(10)))).containsExactly(GET);
  }

  static Stream<Arguments> kept() {
    Secret opaque = token("t", 30);
    opaque.setType("Opaque");
    Secret going =
        new SecretBuilder(token("t", 30))
            .editMetadata()
            .withDeletionTimestamp(TestLegacyToken.NOW.toString())
            .endMetadata()
            .build();
    return Stream.of(
        Arguments.of("created late", token("t", 9)),
        Arguments.of("created at the limit", token("t", 10)),
        Arguments.of("being deleted", going),
        Arguments.of("last use unparsable", labelled(token("t", 30), LAST_USED, "yesterday")),
        Arguments.of("marked recently", labelled(token("t", 30), INVALID_SINCE, daysAgo(9))),
        Arguments.of("marked at the limit", labelled(token("t", 30), INVALID_SINCE, daysAgo(10))));
  }

  @ParameterizedTest(name = "{0}: nothing")
  @MethodSource("kept")
  void keepsWhatIsNotOldEnough(String what, Secret token) {
    assertThat(calls(token)).as(what).containsExactly(GET);
  }

  static Stream<Arguments> notMadeAutomatically() {
    Secret opaque = token("t", 30);
    opaque.setType("Opaque");
    Secret nobody = token("t", 30);
    nobody.getMetadata().setAnnotations(Map.of());
    Secret missing = token("t", 30);
    missing.getMetadata().setAnnotations(Map.of(TokenSecrets.ACCOUNT_NAME, "missing"));
    Secret mismatch = token("t", 30);
    mismatch
        .getMetadata()
        .setAnnotations(
            Map.of(TokenSecrets.ACCOUNT_NAME, "till", TokenSecrets.ACCOUNT_UID, "other"));
    return Stream.of(
        Arguments.of("not of the type", opaque),
        Arguments.of("not listed by its account", token("by-hand", 30)),
        Arguments.of("no account named", nobody),
        Arguments.of("account missing", missing),
        Arguments.of("account of another UID", mismatch));
  }

  @ParameterizedTest(name = "{0}: nothing, and the date is not asked for")
  @MethodSource("notMadeAutomatically")
  void keepsWhatUsersMade(String what, Secret token) {
    assertThat(calls(token)).as(what).isEmpty();
  }

  @Test
  void anyUidOfTheAccountWillDoWhenNoneIsNamed() {
    Secret token = token("t", 30);
    token.getMetadata().setAnnotations(Map.of(TokenSecrets.ACCOUNT_NAME, "till"));
    assertThat(calls(token)).containsExactly(GET, MARK);
  }

  @Test
  @DisplayName("Mounted: nothing; mounted in another namespace does not count")
  void keepsWhatAPodRefersTo() {
    cluster.put(pod("elsewhere"));
    assertThat(calls(token("t", 30))).containsExactly(GET, MARK);
    cluster.put(pod("shop"));
    assertThat(calls(token("t", 30))).isEmpty();
  }

  @Test
  @DisplayName("Mark unparsable: patch again")
  void aMarkThatCannotBeReadIsReplaced() {
    assertThat(calls(labelled(token("t", 30), INVALID_SINCE, "x"))).containsExactly(GET, MARK);
  }

  @Test
  @DisplayName("Marked long ago: delete with resourceVersion")
  void deletesWhatNobodyMissed() {
    cluster.put(labelled(token("t", 30), INVALID_SINCE, daysAgo(11)));
    String version = cluster.list(Secret.class).get(0).getMetadata().getResourceVersion();
    Rehearsal run = run();
    assertThat(text(run)).containsExactly(GET, DELETE);
    assertThat(run.tried(Action.Delete.class))
        .allSatisfy(deletion -> assertThat(deletion.resourceVersion()).isEqualTo(version));
  }

  @Test
  void aTokenThatWasUsedAfterTheMarkStays() {
    Secret marked = labelled(token("t", 30), INVALID_SINCE, daysAgo(11));
    assertThat(calls(labelled(marked, LAST_USED, daysAgo(2)))).containsExactly(GET);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "soon", "2026-1-1"})
  @DisplayName("No since, or unparsable: only the GET")
  void withoutADateNothingIsKnownOfUses(String since) {
    cluster.put(tracking(since == null ? Map.of() : Map.of("since", since)));
    assertThat(calls(token("t", 30))).containsExactly(GET);
  }

  @ParameterizedTest
  @CsvSource({"10, false", "11, true", "12, true"})
  @DisplayName("Uses noted too recently: only the GET; the day itself does not count")
  void usesMustHaveBeenNotedForAWholePeriod(int days, boolean longEnough) {
    cluster.put(tracking(Map.of("since", daysAgo(days))));
    assertThat(calls(token("t", 30)).size()).isEqualTo(longEnough ? 2 : 1);
  }

  @Test
  @DisplayName("ConfigMap missing: only the GET; unreadable: tried again")
  void withoutTheConfigMapNothingIsKnownOfUses() {
    cluster.list(ConfigMap.class).forEach(cluster::remove);
    cluster.put(token("t", 30));
    assertThat(run().verdict()).isEqualTo(Verdict.after(Duration.ofHours(24)));
    ApiError error = ApiError.of(Kind.SERVER_ERROR, 500, "not now");
    caches.catchUp();
    assertThat(
            loop.run(
                    LegacyTokenCleanerController.PASS,
                    FaultyServer.before(cluster).reject(Action.Fetch.class, error))
                .verdict())
        .isEqualTo(Verdict.retry(error));
  }

  @Test
  void aPeriodOfNothingIsRefused() {
    assertThatThrownBy(() -> new LegacyTokenCleanerConfig(Duration.ZERO))
        .hasMessage(
            "legacy-service-account-token-clean-up-period is PT0S, allowed: more than zero");
  }

  private List<String> calls(Secret token) {
    cluster.list(Secret.class).forEach(cluster::remove);
    cluster.put(token);
    return text(run());
  }

  private Rehearsal run() {
    caches.catchUp();
    return loop.run(LegacyTokenCleanerController.PASS);
  }

  private static List<String> text(Rehearsal run) {
    return run.actions().stream().map(PlanText::subject).toList();
  }

  private static Pod pod(String namespace) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName("p")
        .endMetadata()
        .withNewSpec()
        .addNewVolume()
        .withNewSecret()
        .withSecretName("t")
        .endSecret()
        .endVolume()
        .endSpec()
        .build();
  }
}
