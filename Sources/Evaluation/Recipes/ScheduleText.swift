/// The lines that start a recipe by clock: for cron, systemd and Slurm. Nothing is installed.
public enum ScheduleText {
  /// The text for all three.
  ///
  /// - Parameters:
  ///   - recipe: with a schedule.
  ///   - program: the path of dsx.
  ///   - folder: where it runs, quoted for a shell.
  ///   - directory: the same as it is: systemd takes the rest of its line.
  ///   - command: the words behind the program's name, quoted for a shell.
  public static func render(
    _ recipe: Recipe, _ schedule: CronSchedule, program: String, folder: String,
    directory: String, command: String
  ) -> String {
    // Slurm opens its log before anything could make a folder for it.
    let log = "dsx-\(recipe.name).log"
    let run = "cd \(folder) && mkdir -p reports && \(program) \(command)"
    // An unescaped % ends the command of a crontab, and begins a specifier of systemd.
    let cron = replacing(
      "%", "\\%", "\(run) >> reports/\(recipe.name).log 2>&1")
    let unit = replacing("%", "%%", directory)
    // systemd reads quotes as a shell does, but has variables and specifiers of its own in them.
    let start = replacing("$", "$$", replacing("%", "%%", "\(program) \(command)"))
    let threads = recipe.threads.map { String($0) } ?? "$(nproc)"
    let minutes = recipe.timeout.map { max(1, Int(($0 / 60).rounded(.up))) }
    let calendar = schedule.calendar.map { "OnCalendar=" + $0 }.joined(separator: "\n")
    return """
      # cron: crontab -e
      \(schedule.text) \(cron)

      # systemd: ~/.config/systemd/user/dsx-\(recipe.name).service
      [Unit]
      Description=dsx recipe \(recipe.name)

      [Service]
      Type=oneshot
      WorkingDirectory=\(unit)
      ExecStart=\(start)

      # systemd: ~/.config/systemd/user/dsx-\(recipe.name).timer
      # then: systemctl --user enable --now dsx-\(recipe.name).timer
      [Unit]
      Description=dsx recipe \(recipe.name), by clock

      [Timer]
      \(calendar)
      Persistent=true

      [Install]
      WantedBy=timers.target

      # Slurm: scrontab -e
      #SCRON --job-name=dsx-\(recipe.name)
      #SCRON --cpus-per-task=\(recipe.threads ?? 2)
      #SCRON --chdir=\(folder)\(minutes.map { "\n#SCRON --time=\($0)" } ?? "")
      #SCRON --output=\(log) --open-mode=append
      \(schedule.text) \(program) \(command)

      # Slurm without scrontab: one night
      sbatch --job-name=dsx-\(recipe.name) --chdir=\(folder) --requeue --open-mode=append \\
        --output=\(log) --wrap=\(quoted("\(program) \(command) --workers \(threads)"))

      """
  }

  /// A command line as one word of another: the inner quotes are read by the job's shell, the outer ones by
  /// the shell that submits it.
  private static func quoted(_ line: String) -> String {
    "'" + replacing("'", "'\\''", line) + "'"
  }

  private static func replacing(_ mark: Unicode.Scalar, _ other: String, _ text: String) -> String {
    var made = ""
    for scalar in text.unicodeScalars {
      if scalar == mark { made += other } else { made.unicodeScalars.append(scalar) }
    }
    return made
  }
}
