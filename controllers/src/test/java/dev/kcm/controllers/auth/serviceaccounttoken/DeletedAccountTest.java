package dev.kcm.controllers.auth.serviceaccounttoken;

import static dev.kcm.controllers.auth.serviceaccounttoken.TokenWorld.account;
import static dev.kcm.controllers.auth.serviceaccounttoken.TokenWorld.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.accounttokens.TokenSecrets;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The queue of accounts: events, keys and what becomes of them. */
class DeletedAccountTest {

  private final ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);
  private final Informer<ServiceAccount> accounts = caches.informer(Kinds.SERVICE_ACCOUNTS);
  private final Informer<Secret> secrets = caches.informer(Kinds.SECRETS);
  private final ModelLoop<DeletedAccountSnapshot> loop =
      ModelLoop.<DeletedAccountSnapshot>over(caches)
          .on(accounts, DeletedAccountMapper.INSTANCE)
          .reading(new DeletedAccountReader(accounts.lister(), TokenSecrets.in(secrets)))
          .deciding(new DeletedAccountReconciler());

  @BeforeEach
  void fill() {
    Secret other = secret("other");
    other.setType("Opaque");
    cluster.put(other);
    cluster.put(account("till", "missing", "other"));
    caches.catchUp();
  }

  @Test
  @DisplayName("New or updated account, whatever Secrets it names: no call")
  void accountsThatAreThereNeedNothing() {
    cluster.put(secret("s"));
    cluster.put(account("till", "s", "missing", "other"));
    caches.catchUp();
    assertThat(loop.takeQueued()).isEmpty();
  }

  @Test
  @DisplayName("Deleted account with none, missing or non-token Secrets: no call")
  void anAccountThatLeavesNothingBehindNeedsNothing() {
    assertThat(deletions()).isEmpty();
  }

  @Test
  @DisplayName("Deleted account with a token Secret: delete with UID precondition")
  void whatAnAccountLeavesBehindGoesWithIt() {
    cluster.put(secret("s"));
    Secret anyUid = secret("t");
    anyUid.getMetadata().getAnnotations().remove(TokenSecrets.ACCOUNT_UID);
    cluster.put(anyUid);
    Secret another = secret("u");
    another.getMetadata().getAnnotations().put(TokenSecrets.ACCOUNT_UID, "another");
    cluster.put(another);
    assertThat(deletions())
        .extracting(deletion -> deletion.key().name() + " " + deletion.uid())
        .containsExactly("s uid-of-s", "t uid-of-t");
  }

  @Test
  void theAccountOfAnotherUidThatTookItsPlaceKeepsItsOwn() {
    cluster.put(secret("s"));
    ServiceAccount next = account("till");
    next.getMetadata().setUid("next");
    cluster.put(next);
    Secret own = secret("t");
    own.getMetadata().getAnnotations().put(TokenSecrets.ACCOUNT_UID, "next");
    cluster.put(own);
    caches.catchUp();
    List<ObjectKey> keys = loop.takeQueued();
    assertThat(keys).containsExactly(new ObjectKey("shop", "till/uid-of-till"));
    assertThat(loop.run(keys.get(0)).tried(Action.Delete.class))
        .extracting(deletion -> deletion.key().name())
        .containsExactly("s");
  }

  @Test
  void anAccountThatIsBackInTheCacheKeepsItsSecrets() {
    cluster.put(secret("s"));
    caches.catchUp();
    assertThat(loop.run(new ObjectKey("shop", "till/uid-of-till")).actions()).isEmpty();
  }

  @SuppressWarnings("rawtypes") // the rehearsal gives what it was asked for by class
  private List<Action.Delete> deletions() {
    cluster.list(ServiceAccount.class).forEach(cluster::remove);
    caches.catchUp();
    List<ObjectKey> keys = loop.takeQueued();
    assertThat(keys).hasSize(1);
    return loop.run(keys.get(0)).tried(Action.Delete.class);
  }
}
