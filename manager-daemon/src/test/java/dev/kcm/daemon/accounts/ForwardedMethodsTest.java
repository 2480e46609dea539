package dev.kcm.daemon.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.api.ApiClient;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.junit.jupiter.api.Test;

/** A method that is not handed on would do what stand-ins do: fail, or forget what it was told. */
class ForwardedMethodsTest {

  @Test
  void aClientOfAnAccountHandsOnEveryMethod() throws Exception {
    for (Method method : ApiClient.class.getMethods()) {
      if (!Modifier.isStatic(method.getModifiers())) {
        assertThat(
                AccountClient.class
                    .getMethod(method.getName(), method.getParameterTypes())
                    .getDeclaringClass())
            .as(method.toString())
            .isEqualTo(AccountClient.class);
      }
    }
  }
}
