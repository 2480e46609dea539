package dev.kcm.embedded.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LabelSelectorTest {

  @ParameterizedTest(name = "[{0}] on [{1}] is {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``               | a=1       | true
          `  `             | a=1       | true
          a                | a=1       | true
          a                | a=        | true
          a                | b=1       | false
          !a               | b=1       | true
          !a               | a=1       | false
          ! a              | a=1       | false
          a=1              | a=1       | true
          a==1             | a=1       | true
          ` a \t= 1 `      | a=1       | true
          a=1              | a=2       | false
          a=1              | b=1       | false
          a=               | a=        | true
          a=               | b=1       | false
          a=,b             | a=,b=1    | true
          a!=1             | a=2       | true
          a!=1             | b=1       | true
          a!=1             | a=1       | false
          a!=              | a=        | false
          a in (1,2)       | a=2       | true
          a in (1,2)       | a=3       | false
          a in (1,2)       | b=3       | false
          a in ()          | a=        | true
          a in ()          | a=1       | false
          a in (,1)        | a=        | true
          a in (1,)        | a=        | true
          a in (1,,2)      | a=        | true
          a in (1,,2)      | a=2       | true
          a notin (1,2)    | a=3       | true
          a notin (1,2)    | b=3       | true
          a notin (1,2)    | a=1       | false
          a notin ()       | a=        | false
          in in (in,notin) | in=notin  | true
          notin=in         | notin=in  | true
          in               | in=x      | true
          a>1              | a=2       | true
          a>1              | a=1       | false
          a>1              | b=2       | false
          a>1              | a=x       | false
          a<10             | a=9       | true
          a<10             | a=10      | false
          a<10             | a=99999999999999999999 | false
          a=1,b=2          | a=1,b=2   | true
          a=1,b=2          | a=1,b=3   | false
          a=1,!b,c in (x)  | a=1,c=x   | true
          x.io/a=1         | x.io/a=1  | true
          """)
  void selects(String selector, String labels, boolean expected) {
    assertThat(LabelSelector.parse(selector).matches(labels(labels))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "[{0}]: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a===    | unable to parse requirement: found '=', expected: identifier
          a=b,    | found '', expected: identifier after ','
          a=b c   | found 'c', expected: ',' or 'end of string'
          ,a      | found ',', expected: !, identifier, or 'end of string'
          =b      | found '=', expected: !, identifier, or 'end of string'
          a,,b    | found ',', expected: identifier after ','
          !a=b    | found '=', expected: ',' or 'end of string'
          !       | unable to parse requirement: found '', expected: identifier
          !!a     | unable to parse requirement: found '!', expected: identifier
          a b     | unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt
          a in b  | unable to parse requirement: found 'b' expected: '('
          a in (b | unable to parse requirement: found '', expected: ',' or ')'
          a in (b,| unable to parse requirement: found '', expected: ',', or identifier
          a in (  | unable to parse requirement: found '', expected: ',', ')' or identifier
          a in (b c) | unable to parse requirement: found 'c', expected: ',' or ')'
          a>x     | unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer
          a>      | unable to parse requirement: values[0]: Invalid value: "": for 'Gt', 'Lt' operators, the value must be an integer
          """)
  void refusesWithTheWordsOfTheApi(String selector, String message) {
    assertThatThrownBy(() -> LabelSelector.parse(selector))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -a=b       | <nil>: Invalid value: "-a": name part must consist of alphanumeric characters
          /a=b       | <nil>: Invalid value: "/a": prefix part must be non-empty
          x/=b       | name part must be non-empty; name part must consist of
          X/a=b      | prefix part a lowercase RFC 1123 subdomain must consist of
          x..y/a=b   | prefix part a lowercase RFC 1123 subdomain must consist of
          x/y/z=b    | "x/y/z": a qualified name must consist of
          a=-b       | values[0][a]: Invalid value: "-b": a valid label must be an empty string or
          a in (b,c_)| values[1][a]: Invalid value: "c_": a valid label must be an empty string or
          """)
  void refusesKeysAndValuesThatAreNoLabels(String selector, String part) {
    assertThatThrownBy(() -> LabelSelector.parse(selector))
        .hasMessageStartingWith("unable to parse requirement: ")
        .hasMessageContaining(part);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a=1 , b in (y,x)      | a=1,b in (x,y)
          !a,b,c!=d,e notin(f,g)| !a,b,c!=d,e notin (f,g)
          a>5,b<6               | a>5,b<6
          """)
  void printsTheCanonicalForm(String selector, String canonical) {
    assertThat(LabelSelector.parse(selector)).hasToString(canonical);
  }

  @ParameterizedTest
  @CsvSource({"'',true", "' ',true", "a,false"})
  void knowsWhetherEverythingIsSelected(String selector, boolean everything) {
    assertThat(LabelSelector.parse(selector).isEmpty()).isEqualTo(everything);
  }

  @ParameterizedTest
  @CsvSource({"63,true", "64,false"})
  void limitsNamesAndValuesTo63Characters(int length, boolean allowed) {
    String word = "a".repeat(length);
    for (String selector : new String[] {word + "=b", "b=" + word}) {
      if (allowed) {
        assertThat(LabelSelector.parse(selector).isEmpty()).isFalse();
      } else {
        assertThatThrownBy(() -> LabelSelector.parse(selector))
            .hasMessageContaining("must be no more than 63 characters");
      }
    }
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new HashMap<>();
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      labels.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return labels;
  }
}
