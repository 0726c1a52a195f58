export declare function cliPage(): string
