package dev.kcm.daemon.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.Scope;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.api.WatchQuery;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ServiceAccountsTest {

  private static final String ACCOUNT = "ServiceAccount kube-system/ttl-controller";
  private static final String GET = "get " + ACCOUNT;
  private static final String TOKEN =
      "create TokenRequest kube-system/ttl-controller serviceaccounts/ttl-controller/token";

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(7);
  private final TokenServer issuer = new TokenServer();
  private final TokenServer bearer = new TokenServer();
  private final List<String> refusals = new ArrayList<>();
  private Supplier<String> sent = () -> "";

  private ApiClient client() {
    ServiceAccounts accounts = ServiceAccounts.of(issuer, environment, refusals::add);
    return accounts.client(
        "ttl-controller",
        token -> {
          sent = token;
          return bearer;
        });
  }

  private ApiClient readyClient() {
    issuer.with(ACCOUNT);
    ApiClient client = client();
    environment.run();
    assertThat(issuer.requests()).containsExactly(GET, TOKEN);
    return client;
  }

  @Test
  void createsAMissingAccountAndItsNamespaceBeforeTheFirstToken() {
    client();
    environment.run();

    assertThat(issuer.requests())
        .containsExactly(
            GET,
            "get Namespace kube-system",
            "create Namespace kube-system",
            "create " + ACCOUNT,
            TOKEN);
    assertThat(sent.get()).isEqualTo("token-1");
  }

  @Test
  void toleratesAnAccountThatSomebodyElseCreates() {
    issuer.with("Namespace kube-system").with(ACCOUNT);
    issuer.failing(Kind.NOT_FOUND);
    client();
    environment.run();

    assertThat(issuer.requests())
        .containsExactly(GET, "get Namespace kube-system", "create " + ACCOUNT, TOKEN);
    assertThat(refusals).isEmpty();
  }

  @Test
  void letsRequestsWaitForTheFirstTokenAndSendsThemOnce() {
    issuer.with(ACCOUNT);
    ApiClient client = client();
    CompletableFuture<String> early = client.read("/early");
    CompletableFuture<String> cancelled = client.read("/cancelled");
    cancelled.cancel(false);
    assertThat(bearer.requests()).isEmpty();

    environment.run();

    assertThat(early).isCompletedWithValue("ok");
    assertThat(bearer.requests()).containsExactly("read /early");
    assertThat(client.read("/late")).as("no detour any more").isCompletedWithValue("ok");
  }

  @Test
  void renewsInTheBackgroundFromFourFifthsOfItsLifeOn() {
    ApiClient client = readyClient();

    environment.advance(Duration.ofMinutes(47));
    assertThat(client.read("/fresh")).isCompletedWithValue("ok");
    environment.run();
    assertThat(issuer.requests()).isEmpty();

    environment.advance(Duration.ofMinutes(1));
    assertThat(client.read("/due")).isCompletedWithValue("ok");
    assertThat(sent.get()).isEqualTo("token-1");
    environment.run();
    assertThat(issuer.requests()).as("the account is known to exist").containsExactly(TOKEN);
    assertThat(sent.get()).isEqualTo("token-2");
  }

  @Test
  void waitsForANewTokenWhenTheOldOneHasRunOut() {
    ApiClient client = readyClient();
    environment.advance(Duration.ofMinutes(61));

    CompletableFuture<String> answer = client.read("/late");
    assertThat(answer).isNotDone();
    environment.run();

    assertThat(answer).isCompletedWithValue("ok");
    assertThat(sent.get()).isEqualTo("token-2");
  }

  @Test
  void goesOnWithTheOldTokenWhenNoneIsIssuedAnyMore() {
    ApiClient client = readyClient();
    environment.advance(Duration.ofMinutes(61));
    issuer.failing(Kind.SERVER_ERROR, Kind.TOO_MANY_REQUESTS, Kind.UNREACHABLE, Kind.BROKEN);

    CompletableFuture<String> answer = client.read("/late");
    environment.advance(Duration.ofMillis(3_500));

    assertThat(answer).isCompletedWithValue("ok");
    assertThat(sent.get()).isEqualTo("token-1");
    assertThat(issuer.requests()).hasSize(4);
  }

  @Test
  void fetchesAnotherTokenAfterTheServerDidNotAcceptOne() {
    ApiClient client = readyClient();
    bearer.failing(Kind.UNAUTHORIZED);
    assertThat(client.read("/refused")).isCompletedExceptionally();
    environment.run();

    CompletableFuture<String> answer = client.read("/again");
    environment.run();

    assertThat(answer).isCompletedWithValue("ok");
    assertThat(sent.get()).isEqualTo("token-2");
  }

  @Test
  void makesAnAccountAgainThatWasDeleted() {
    ApiClient client = readyClient();
    environment.advance(Duration.ofMinutes(61));
    issuer.failing(Kind.NOT_FOUND);

    CompletableFuture<String> answer = client.read("/late");
    environment.advance(Duration.ofMillis(500));

    assertThat(issuer.requests()).containsExactly(TOKEN, GET, TOKEN);
    assertThat(answer).isCompletedWithValue("ok");
  }

  @Test
  void failsWaitingRequestsAsNotSentAfterFourTries() {
    issuer.with(ACCOUNT);
    issuer.failing(Kind.NOT_FOUND, Kind.BROKEN, Kind.BROKEN, Kind.BROKEN, Kind.BROKEN, Kind.BROKEN);
    issuer.failing(Kind.BROKEN, Kind.BROKEN);
    ApiClient client = client();
    CompletableFuture<String> answer = client.read("/never");
    environment.advance(Duration.ofMillis(3_499));
    assertThat(answer).isNotDone();

    environment.advance(Duration.ofMillis(1));

    assertThatThrownBy(answer::join)
        .cause()
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
              assertThat(e)
                  .hasMessage(
                      "no token for service account kube-system/ttl-controller: trouble BROKEN");
            });
    assertThat(bearer.requests()).isEmpty();
    assertThat(refusals).isEmpty();
  }

  @Test
  void doesNotTryAgainOnceItMayNotWriteAnyMore() {
    issuer.with(ACCOUNT);
    issuer.failing(Kind.FENCED);
    ApiClient client = client();
    CompletableFuture<String> answer = client.read("/never");
    environment.run();

    assertThat(ApiException.errorOf(answer.handle((r, e) -> e).join()).kind())
        .isEqualTo(Kind.FENCED);
  }

  @Test
  void tellsThatTheServerRefusesTheAccount() {
    issuer.failing(Kind.FORBIDDEN);
    client();
    environment.run();

    assertThat(refusals)
        .containsExactly(
            "service account kube-system/ttl-controller could not be read or created: trouble"
                + " FORBIDDEN");
  }

  @Test
  void opensAWatchWhenThereIsATokenUnlessItWasClosedBefore() {
    issuer.with(ACCOUNT);
    ApiClient client = client();
    List<String> told = new ArrayList<>();
    ApiClient.Watch wanted = watch(client, told);
    watch(client, told).close();
    environment.run();
    assertThat(bearer.requests()).containsExactly("watch Pod");

    wanted.close();
    assertThat(bearer.requests()).containsExactly("close watch Pod");
    assertThat(told).isEmpty();
    client.close();
    assertThat(bearer.closes()).isEqualTo(1);
    assertThat(issuer.closes()).isZero();
  }

  @Test
  void tellsTheListenerOfAWatchThatThereIsNoToken() {
    issuer.failing(Kind.FENCED);
    List<String> told = new ArrayList<>();
    watch(client(), told);
    environment.run();

    assertThat(told).containsExactly("closed FENCED");
  }

  private static ApiClient.Watch watch(ApiClient client, List<String> told) {
    return client.watch(
        ResourceType.of(Pod.class),
        new WatchQuery(Scope.ALL, "1", Duration.ofMinutes(5), false),
        new WatchListener<Pod>() {
          @Override
          public void opened() {
            told.add("opened");
          }

          @Override
          public void event(Type type, Pod object) {
            told.add("event");
          }

          @Override
          public void bookmark(String resourceVersion, boolean initialEventsEnd) {
            told.add("bookmark");
          }

          @Override
          public void closed(ApiError error) {
            told.add("closed " + error.kind());
          }
        });
  }
}
