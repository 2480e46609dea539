package dev.kcm.daemon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.embedded.pki.Credential;
import dev.kcm.embedded.pki.Pki;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessControlTest {

  private static final Duration TTL = Duration.ofSeconds(10);

  // Keys take long to make, and no test changes them.
  private static final Pki users = pki();
  private static final Pki proxies = pki();

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ReviewServer server = new ReviewServer();

  private static Pki pki() {
    Clock start = Clock.fixed(VirtualEnvironment.seeded(1).wallClock().now(), ZoneOffset.UTC);
    return Pki.inMemory(start, List.of("127.0.0.1"));
  }

  @Test
  void requestWithoutCredentialsIsAnonymous() {
    assertThat(userOf(everything(), credentials(Map.of()))).contains(User.ANONYMOUS);
  }

  @Test
  void certificateOfTheClientAuthorityNamesUserAndGroups() {
    User user =
        userOf(everything(), certificate(users.client("jane, \"j\"", List.of("devs", "ops"))))
            .orElseThrow();

    assertThat(user.name()).isEqualTo("jane, \"j\"");
    assertThat(user.groups()).containsExactly("devs", "ops", "system:authenticated");
    assertThat(user.extra().get("authentication.kubernetes.io/credential-id"))
        .singleElement()
        .asString()
        .matches("X509SHA256=[0-9a-f]{64}");
  }

  @Test
  void certificateOfAnUnknownAuthorityIsRefused() {
    assertThat(userOf(everything(), certificate(pki().admin()))).isEmpty();
  }

  @Test
  void certificateIsIgnoredWhileNoAuthorityIsKnown() {
    assertThat(userOf(AccessControl.builder(), certificate(users.admin())))
        .contains(User.ANONYMOUS);
  }

  @Test
  void expiredCertificateIsRefused() {
    Credential admin = users.admin();
    AccessControl.Builder access = everything();
    environment.advance(
        Duration.between(
            environment.wallClock().now(),
            admin.certificate().getNotAfter().toInstant().plusSeconds(1)));

    assertThat(userOf(access, certificate(admin))).isEmpty();
  }

  @Test
  void frontProxyVouchesForAUser() {
    User user =
        userOf(
                everything(),
                proxied(
                    "front-proxy",
                    Map.of(
                        "x-remote-user", List.of("jane"),
                        "x-remote-group", List.of("a", "b"),
                        "x-remote-uid", List.of("u-1"),
                        "x-remote-extra-scopes%2fx", List.of("1", "2"))))
            .orElseThrow();

    assertThat(user)
        .isEqualTo(
            new User(
                "jane",
                "u-1",
                List.of("a", "b", "system:authenticated"),
                Map.of("scopes/x", List.of("1", "2"))));
  }

  @ParameterizedTest(name = "proxy {0} with user header \"{1}\": {2}")
  @CsvSource({
    "front-proxy, jane, jane",
    "front-proxy, '', refused by the client certificates",
    "stranger, jane, refused by name",
  })
  void frontProxyIsBelievedByNameAndOnlyWithAUser(String proxy, String header, String outcome) {
    Optional<User> user =
        userOf(everything(), proxied(proxy, Map.of("x-remote-user", List.of(header))));

    assertThat(user.map(User::name))
        .isEqualTo(outcome.startsWith("refused") ? Optional.empty() : Optional.of(outcome));
  }

  @Test
  void headersOfOthersThanTheProxyAreNotBelieved() {
    Credentials forged =
        new Credentials(
            List.of(users.client("joe", List.of()).certificate()),
            Map.of("x-remote-user", List.of("admin")));

    assertThat(userOf(everything(), forged).map(User::name)).contains("joe");
  }

  @Test
  void bearerTokenIsReviewedOnceAndRememberedForAWhile() {
    server.answering(review -> accepted(review, "jane"));
    AccessControl access = everything().create(environment, meters);

    assertThat(userOf(access, bearer("t-1")).map(User::name)).contains("jane");
    assertThat(userOf(access, bearer("t-1")).map(User::name)).contains("jane");
    assertThat(server.asked()).hasSize(1);
    environment.advance(TTL.plusMillis(1));
    assertThat(userOf(access, bearer("t-1")).map(User::name)).contains("jane");
    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void requestsWithOneTokenShareAReviewUnderWay() {
    server.answering(review -> accepted(review, "jane"));
    AccessControl access = everything().create(environment, meters);

    CompletableFuture<Optional<User>> first = access.userOf(bearer("t-1"));
    CompletableFuture<Optional<User>> second = access.userOf(bearer("t-1"));
    CompletableFuture<Optional<User>> other = access.userOf(bearer("t-2"));
    environment.run();

    assertThat(first.join()).isEqualTo(second.join()).isEqualTo(other.join()).isPresent();
    assertThat(server.asked()).hasSize(2);
  }

  @ParameterizedTest(name = "refusal with error \"{0}\" is reviewed {1} times in two requests")
  @CsvSource({"'', 1", "'invalid bearer token', 2"})
  void onlyRefusalsWithoutErrorAreRemembered(String error, int reviews) {
    server.answering(review -> refused(review, error));
    AccessControl access = everything().create(environment, meters);

    assertThat(userOf(access, bearer("t-1"))).isEmpty();
    assertThat(userOf(access, bearer("t-1"))).isEmpty();
    assertThat(server.asked()).hasSize(reviews);
  }

  @Test
  void tokenInAWebSocketProtocolCounts() {
    server.answering(review -> accepted(review, ((TokenReview) review).getSpec().getToken()));
    String encoded =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("t-9".getBytes(StandardCharsets.UTF_8));

    Optional<User> user =
        userOf(
            everything(),
            credentials(
                Map.of(
                    "sec-websocket-protocol",
                    List.of("base64url.bearer.authorization.k8s.io." + encoded + ", v1"))));

    assertThat(user.map(User::name)).contains("t-9");
  }

  @Test
  void tokenIsIgnoredWithNobodyToAsk() {
    assertThat(userOf(AccessControl.builder(), bearer("t-1"))).contains(User.ANONYMOUS);
  }

  @ParameterizedTest(name = "answer {1} ({0}) before the good one: tries {2}")
  @CsvSource({
    "SERVER_ERROR, 500, 2",
    "TIMEOUT, 504, 2",
    "TOO_MANY_REQUESTS, 429, 2",
    "BROKEN, 0, 2"
  })
  void reviewIsTriedAgainWhereThatMayHelp(ApiError.Kind kind, int code, int tries) {
    server.failingOnce(kind, code).answering(review -> accepted(review, "jane"));

    assertThat(userOf(everything(), bearer("t-1")).map(User::name)).contains("jane");
    assertThat(server.asked()).hasSize(tries);
  }

  @Test
  void reviewIsNotTriedAgainWhereThatCannotHelp() {
    server.failingOnce(ApiError.Kind.FORBIDDEN, 403);

    assertThat(userOf(everything(), bearer("t-1"))).isEmpty();
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void reviewWithoutAnswerEndsAfterTenSeconds() {
    server.silent();
    AccessControl access = everything().create(environment, meters);
    CompletableFuture<Optional<User>> user = access.userOf(bearer("t-1"));

    environment.advance(Duration.ofMillis(9_999));
    assertThat(user).isNotDone();
    environment.advance(Duration.ofMillis(1));
    assertThat(user.join()).isEmpty();
  }

  @ParameterizedTest(name = "{0} {1} by a member of {2}: {3}")
  @CsvSource({
    "GET, /metrics, system:masters, Allowed",
    "GET, /healthz, devs, Allowed",
    "GET, /public/x/y, devs, Allowed",
    "GET, /publi, devs, Denied",
    "GET, /healthz/leaderElection, devs, Denied",
  })
  void someMayDoThingsWithoutAReview(String method, String path, String group, String decision) {
    AccessControl access =
        AccessControl.builder()
            .alwaysAllow(List.of("/healthz", "/public/*"))
            .create(environment, meters);

    assertThat(access.decide(new User("joe", List.of(group)), method, path).join())
        .extracting(d -> d.getClass().getSimpleName())
        .isEqualTo(decision);
  }

  @Test
  void reviewSaysWhoAsksForWhat() {
    server.answering(review -> decided(review, true, ""));
    User jane = new User("jane", "u-1", List.of("devs"), Map.of("scope", List.of("x")));

    assertThat(decide(everything().create(environment, meters), jane)).isEqualTo(Decision.ALLOWED);

    SubjectAccessReview asked = (SubjectAccessReview) server.asked().get(0);
    assertThat(asked.getSpec().getUser()).isEqualTo("jane");
    assertThat(asked.getSpec().getUid()).isEqualTo("u-1");
    assertThat(asked.getSpec().getGroups()).containsExactly("devs");
    assertThat(asked.getSpec().getExtra()).containsEntry("scope", List.of("x"));
    assertThat(asked.getSpec().getNonResourceAttributes().getVerb()).isEqualTo("get");
    assertThat(asked.getSpec().getNonResourceAttributes().getPath()).isEqualTo("/metrics");
    assertThat(asked.getSpec().getResourceAttributes()).isNull();
  }

  @ParameterizedTest(name = "allowed {0}")
  @CsvSource({"true", "false"})
  void decisionsAreRememberedForAsLongAsTheyCount(boolean allowed) {
    server.answering(review -> decided(review, allowed, "because"));
    AccessControl access = everything().create(environment, meters);
    User joe = new User("joe", List.of());

    Decision first = decide(access, joe);
    assertThat(decide(access, joe)).isEqualTo(first);
    assertThat(first).isEqualTo(allowed ? Decision.ALLOWED : new Decision.Denied("because"));
    assertThat(server.asked()).hasSize(1);
    environment.advance(TTL.plusMillis(1));
    decide(access, joe);
    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void failedReviewIsNotRemembered() {
    server.failingOnce(ApiError.Kind.FORBIDDEN, 403).answering(review -> decided(review, true, ""));
    AccessControl access = everything().create(environment, meters);
    User joe = new User("joe", List.of());

    assertThat(decide(access, joe)).isEqualTo(new Decision.Failed("trouble 403"));
    assertThat(decide(access, joe)).isEqualTo(Decision.ALLOWED);
    assertThat(meters.counter("authorization_attempts_total", "result", "error").count())
        .isEqualTo(1);
    assertThat(meters.counter("apiserver_delegated_authz_request_total", "code", "403").count())
        .isEqualTo(1);
  }

  private AccessControl.Builder everything() {
    ProxyTrust proxy =
        new ProxyTrust(
            TrustedAuthorities.of(List.of(proxies.ca().certificate())),
            List.of("front-proxy"),
            List.of("X-Remote-User"),
            List.of("X-Remote-Group"),
            List.of("X-Remote-Extra-"),
            List.of("X-Remote-Uid"));
    TrustedAuthorities clients = TrustedAuthorities.of(List.of(users.ca().certificate()));
    return AccessControl.builder()
        .clientAuthorities(() -> clients)
        .frontProxy(() -> Optional.of(proxy))
        .tokenReviews(server, TTL)
        .accessReviews(server, TTL, TTL);
  }

  private Optional<User> userOf(AccessControl.Builder access, Credentials credentials) {
    return userOf(access.create(environment, meters), credentials);
  }

  private Optional<User> userOf(AccessControl access, Credentials credentials) {
    CompletableFuture<Optional<User>> user = access.userOf(credentials);
    environment.advance(Duration.ofSeconds(2));
    return user.join();
  }

  private Decision decide(AccessControl access, User user) {
    CompletableFuture<Decision> decision = access.decide(user, "GET", "/metrics");
    environment.run();
    return decision.join();
  }

  private static Credentials credentials(Map<String, List<String>> headers) {
    return new Credentials(List.of(), headers);
  }

  private static Credentials bearer(String token) {
    return credentials(Map.of("authorization", List.of("Bearer " + token)));
  }

  private static Credentials certificate(Credential credential) {
    List<X509Certificate> chain = List.of(credential.certificate());
    return new Credentials(chain, Map.of());
  }

  private Credentials proxied(String name, Map<String, List<String>> headers) {
    return new Credentials(List.of(proxies.client(name, List.of()).certificate()), headers);
  }

  private static HasMetadata accepted(HasMetadata review, String user) {
    return new TokenReviewBuilder((TokenReview) review)
        .withNewStatus()
        .withAuthenticated(true)
        .withNewUser()
        .withUsername(user)
        .endUser()
        .endStatus()
        .build();
  }

  private static HasMetadata refused(HasMetadata review, String error) {
    return new TokenReviewBuilder((TokenReview) review)
        .withNewStatus()
        .withAuthenticated(false)
        .withError(error)
        .endStatus()
        .build();
  }

  private static HasMetadata decided(HasMetadata review, boolean allowed, String reason) {
    return new SubjectAccessReviewBuilder((SubjectAccessReview) review)
        .withNewStatus()
        .withAllowed(allowed)
        .withReason(reason)
        .endStatus()
        .build();
  }
}
