//! `cargo spawncheck completions` and `man`: what can be derived from the definition of the command line.

use crate::args::{self, CompletionsArgs, ManArgs};
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::files;
use crate::session::write_failed;
use clap_mangen::Man;
use std::io::{self, Write};

/// Prints a script for a shell. It completes the executable's own name; zsh uses it for `cargo spawncheck` as well.
pub(crate) fn completions(args: &CompletionsArgs) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut args::standalone(), args::EXECUTABLE, &mut script);
    print(&script)
}

/// Prints the manual page, or writes those of all commands into a folder.
pub(crate) fn man(args: &ManArgs) -> Result<ExitCode> {
    let pages = pages().map_err(write_failed)?;
    let Some(folder) = &args.dir else {
        // The first one is that of the tool itself.
        return pages.first().map_or(Ok(ExitCode::Ok), |(_, page)| print(page));
    };
    for (name, page) in &pages {
        let path = folder.join(format!("{name}.1"));
        files::write(&path, page).map_err(|error| {
            Error::new(ExitCode::WriteFailed, format!("failed to write `{}`", path.display())).source(error)
        })?;
    }
    Ok(ExitCode::Ok)
}

/// A name and a page for the tool and for each of its commands.
fn pages() -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut tool = args::standalone().bin_name("cargo spawncheck").disable_help_subcommand(true);
    tool.build();
    let commands = tool
        .get_subcommands()
        .map(|command| (format!("{}-{}", args::EXECUTABLE, command.get_name()), command));
    let all = [(args::EXECUTABLE.to_owned(), &tool)].into_iter().chain(commands);
    let render = |(name, command): (String, &clap::Command)| {
        let mut page = Vec::new();
        Man::new(command.clone().display_name(&name)).render(&mut page)?;
        Ok((name, page))
    };
    all.map(render).collect()
}

fn print(text: &[u8]) -> Result<ExitCode> {
    let mut out = io::stdout();
    out.write_all(text).and_then(|()| out.flush()).map_err(write_failed)?;
    Ok(ExitCode::Ok)
}

#[cfg(test)]
mod tests {
    use super::pages;
    use crate::args;
    use clap::ValueEnum;
    use clap_complete::Shell;

    /// The long flags of a command that are shown.
    fn flags(command: &clap::Command) -> Vec<String> {
        let shown = command.get_arguments().filter(|arg| !arg.is_hide_set());
        shown.filter_map(|arg| Some(arg.get_long()?.to_owned())).collect()
    }

    #[test]
    fn every_shell_is_told_every_flag() {
        for shell in Shell::value_variants() {
            let mut script = Vec::new();
            let mut tool = args::standalone();
            clap_complete::generate(*shell, &mut tool, args::EXECUTABLE, &mut script);
            let script = String::from_utf8(script).unwrap();
            for command in [&tool].into_iter().chain(tool.get_subcommands()) {
                assert!(script.contains(command.get_name()), "{shell}: {}", command.get_name());
                for flag in flags(command) {
                    assert!(script.contains(&flag), "{shell}: --{flag}");
                }
            }
        }
    }

    #[test]
    fn every_command_has_a_page_with_its_flags() {
        let pages = pages().unwrap();
        let mut tool = args::standalone();
        tool.build();
        let commands: Vec<_> = [&tool].into_iter().chain(tool.get_subcommands()).collect();
        let pages_of_commands: Vec<_> =
            commands.iter().filter(|command| command.get_name() != "help").collect();
        assert_eq!(pages.len(), pages_of_commands.len());
        for (command, (name, page)) in pages_of_commands.iter().zip(&pages) {
            // Hyphens are escaped in roff.
            let page = String::from_utf8(page.clone()).unwrap().replace('\\', "");
            assert!(page.contains("cargo spawncheck"), "{name}");
            for flag in flags(command) {
                assert!(page.contains(&format!("--{flag}")), "{name}: --{flag}");
            }
        }
        let names: Vec<_> = pages.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names[0] == "cargo-spawncheck" && names.contains(&"cargo-spawncheck-run"), "{names:?}");
    }
}
