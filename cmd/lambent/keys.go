package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/host"
)

func keysCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "keys",
		Short: "Make, list and delete access keys",
		Long: `Keys sees to the access keys that requests are signed with where lambent serve
runs with --auth keys. A key acts for its account, and may do everything in it, or
for a role of it, and may do what the role's policies allow.

The keys are those in the folder --data, which create makes if it was given and is
not there. While a Lambent serves that folder, it is asked instead, at --endpoint; if it
wants signatures, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
		Example: `  lambent keys create --data ./data
  lambent keys list --data ./data
  lambent keys delete AKIAIOSFODNN7EXAMPLE`,
		Args: oneOfItsCommands,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(keysCreateCommand(), keysListCommand(), keysDeleteCommand())
	return c
}

// key is an access key as it is printed as JSON, and as a Lambent answers it.
type key struct {
	AccessKeyID     string    `json:"accessKeyId"`
	SecretAccessKey string    `json:"secretAccessKey,omitempty"`
	Account         string    `json:"account"`
	Role            string    `json:"role,omitempty"`
	Created         time.Time `json:"created"`
}

func keyOf(k host.AccessKey) key { return key{k.ID, k.Secret, k.Account, k.Role, k.Created} }

// keyring is where keys are.
type keyring struct {
	data   string
	given  func() bool // whether the folder was
	client *client
}

func addKeyring(c *cobra.Command) *keyring {
	k := &keyring{client: addEndpoint(c)}
	c.Flags().StringVar(&k.data, "data", "lambent-data", "the `folder` that lambent serve keeps everything in")
	k.given = func() bool { return c.Flags().Changed("data") }
	return k
}

// use gives the keys in the folder to direct, or the Lambent that serves it to
// served. Only who makes a key makes the folder.
func (k *keyring) use(makes bool, direct func(*host.Access) error, served func(*client) error) (err error) {
	if _, err := os.Stat(k.data); err != nil && !k.given() {
		return served(k.client)
	} else if err != nil && !makes {
		return fmt.Errorf("--data %s: there are no keys: %w", k.data, err)
	}
	access, err := host.OpenAccess(host.Config{Dir: k.data})
	if errors.Is(err, host.ErrInUse) {
		return served(k.client)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, access.Close()) }()
	return direct(access)
}

func keysCreateCommand() *cobra.Command {
	var role, account string
	var asJSON bool
	c := &cobra.Command{
		Use:   "create",
		Short: "Make an access key",
		Long: `Create makes an access key and prints it as lines for a shell. The secret is shown
this once, and cannot be asked for again.`,
		Example: `  lambent keys create --data ./data
  eval "$(lambent keys create --data ./data)"
  lambent keys create --role deployer --json`,
		Args: noArguments,
	}
	k := addKeyring(c)
	c.Flags().StringVar(&role, "role", "", "the `name` of the role whose policies limit the key (default: none does)")
	c.Flags().StringVar(&account, "account", "", "the `id` of the account, 12 digits (default: that of the Lambent)")
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	c.RunE = func(c *cobra.Command, _ []string) error {
		var made key
		err := k.use(true, func(a *host.Access) error {
			created, err := a.Create(c.Context(), account, role)
			made = keyOf(created)
			return err
		}, func(cl *client) error {
			return cl.call(c.Context(), http.MethodPost, "/keys", map[string]string{"account": account, "role": role}, &made)
		})
		if err != nil {
			return err
		}
		if asJSON {
			return json.NewEncoder(c.OutOrStdout()).Encode(made)
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "export AWS_ACCESS_KEY_ID=%s\nexport AWS_SECRET_ACCESS_KEY=%s\n", made.AccessKeyID, made.SecretAccessKey)
		return err
	}
	return c
}

func keysListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the access keys",
		Example: "  lambent keys list --data ./data\n  lambent keys list --json | jq -r .[].accessKeyId",
		Args:    noArguments,
	}
	k := addKeyring(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	c.RunE = func(c *cobra.Command, _ []string) error {
		all, err := k.list(c.Context())
		if err != nil {
			return err
		}
		if asJSON {
			return json.NewEncoder(c.OutOrStdout()).Encode(all)
		}
		w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ACCESS KEY\tACCOUNT\tROLE\tCREATED")
		for _, k := range all {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", k.AccessKeyID, k.Account, k.Role, k.Created.Format(time.RFC3339))
		}
		return w.Flush()
	}
	return c
}

func (k *keyring) list(ctx context.Context) ([]key, error) {
	all := []key{}
	err := k.use(false, func(a *host.Access) error {
		keys, err := a.List(ctx)
		for _, k := range keys {
			all = append(all, keyOf(k))
		}
		return err
	}, func(cl *client) error {
		var answer struct{ Keys []key }
		err := cl.call(ctx, http.MethodGet, "/keys", nil, &answer)
		all = append(all, answer.Keys...)
		return err
	})
	return all, err
}

func keysDeleteCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "delete ID...",
		Aliases: []string{"rm"},
		Short:   "Delete access keys: requests signed with them are refused from then on",
		Example: "  lambent keys delete AKIAIOSFODNN7EXAMPLE",
		Args:    someArguments,
	}
	k := addKeyring(c)
	c.RunE = func(c *cobra.Command, ids []string) error {
		for _, id := range ids {
			err := k.use(false, func(a *host.Access) error { return a.Delete(c.Context(), id) }, func(cl *client) error {
				return cl.call(c.Context(), http.MethodDelete, "/keys/"+url.PathEscape(id), nil, nil)
			})
			if err != nil {
				return err
			}
			fmt.Fprintf(c.ErrOrStderr(), "%s is deleted\n", id)
		}
		return nil
	}
	return c
}
